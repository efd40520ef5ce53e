// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';

/**
 * Says which program this is: another one may come to other results from the same request. Undefined where that is not
 * known, as it is not when the sources are run without being compiled.
 */
export function programStamp(): string | undefined {
  try {
    // scripts/ensure-built.mjs leaves it beside the program.
    const built = readFileSync(new URL('../.built-from', import.meta.url), 'utf8');
    return `${built} on ${process.version}`;
  } catch {
    return undefined;
  }
}
