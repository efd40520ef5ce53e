// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachedKernel, cacheDirectory } from '../../src/ingest/kernel-cache.ts';

describe('where fetched kernels lie', () => {
  it('REWALK_CACHE wins over XDG_CACHE_HOME, which wins over the home directory', () => {
    expect(cacheDirectory({ REWALK_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
    expect(cacheDirectory({ XDG_CACHE_HOME: '/b' })).toBe('/b/rewalk');
    expect(cacheDirectory({ REWALK_CACHE: '', XDG_CACHE_HOME: '' })).toBe(join(homedir(), '.cache/rewalk'));
  });

  let cache = '';
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'rewalk-cache-'));
  });
  afterEach(() => {
    rmSync(cache, { recursive: true });
  });

  it('a kernel is there when its mm/vmalloc.c is', () => {
    expect(cachedKernel('6.12', { REWALK_CACHE: cache })).toBeUndefined();
    mkdirSync(join(cache, 'linux-6.12/mm'), { recursive: true });
    expect(cachedKernel('6.12', { REWALK_CACHE: cache })).toBeUndefined();
    writeFileSync(join(cache, 'linux-6.12/mm/vmalloc.c'), '');
    expect(cachedKernel('6.12', { REWALK_CACHE: cache })).toBe(join(cache, 'linux-6.12'));
    expect(cachedKernel('6.1', { REWALK_CACHE: cache })).toBeUndefined();
  });
});
