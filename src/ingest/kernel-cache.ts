// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The kernels that Debian ships as source and that `npm run kernel` fetches. */
export type CachedKernelVersion = '6.1' | '6.12';

/** Where fetched kernels and results lie, outside any checkout; scripts/fetch-kernels.mjs puts kernels in the same place. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['REWALK_CACHE']) return environment['REWALK_CACHE'];
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rewalk');
}

/** The root of a fetched kernel's source tree; undefined where `npm run kernel` has not fetched it. */
export function cachedKernel(
  version: CachedKernelVersion,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const tree = join(cacheDirectory(environment), `linux-${version}`);
  return existsSync(join(tree, 'mm/vmalloc.c')) ? tree : undefined;
}
