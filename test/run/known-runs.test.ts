// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { runJob, type JobRequest } from '../../src/run/job.ts';
import { KnownRuns } from '../../src/run/known-runs.ts';
import type { SourceText } from '../../src/run/link-tree.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce } from './run-text.ts';

const base = embeddedSource(machineNamed('arm64-4k')!);

/** The tree with one change each: of a function, a constant, a struct, an initial value, and of lines only. */
const states: Readonly<Record<string, SourceText>> = {
  base,
  function: replaceOnce(base, 'mm/vmalloc.c', 'flush_cache_vmap(addr, end);\n\n\treturn err;', 'return err;'),
  lines: { ...base, 'mm/vmalloc.c': `/* A line more. */\n${base['mm/vmalloc.c']!}` },
  constant: replaceOnce(
    base,
    'include/linux/vmalloc.h',
    '#define VM_NO_GUARD',
    '#define VM_EXTRA 0x40000000\n#define VM_NO_GUARD',
  ),
  struct: replaceOnce(
    base,
    'include/linux/vmalloc.h',
    'struct vm_struct {',
    'struct vm_struct {\n\tunsigned long extra;',
  ),
  'initial value': replaceOnce(
    base,
    'mm/vmalloc.c',
    '__ro_after_init = BITS_PER_LONG - 1;',
    '__ro_after_init = PAGE_SHIFT;',
  ),
};

function request(source: SourceText): JobRequest {
  return {
    machine: 'arm64-4k',
    twins: ['arm64-4k-bbml2'],
    source,
    before: base,
    touched: ['vmap_pages_range'],
    mode: 'from-tree',
    scenarios: 4,
    seed: 1,
    packs: ['vmap', 'ioremap', 'set-memory'],
  };
}

describe('known runs', () => {
  const known = new KnownRuns();

  it.each(Object.keys(states))('do not change what is found: %s', (name) => {
    const alone = runJob(request(states[name]!), judge);
    expect(runJob(request(states[name]!), judge, known)).toEqual(alone);
  });

  it('are used where nothing that was executed differs, and only there', () => {
    const fresh = new KnownRuns();
    runJob(request(base), judge, fresh);
    const ran = fresh.ran;
    runJob(request(states['lines']!), judge, fresh);
    expect(fresh.ran).toBe(ran);
    runJob(request(states['struct']!), judge, fresh);
    expect(fresh.ran).toBeGreaterThan(ran + 100);
  });
});
