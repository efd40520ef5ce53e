// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { parseFaultScripts, type FaultScript } from '../../src/fault-script.ts';

/** All faults and harmless rewrites of this folder. */
export function faultScripts(): readonly FaultScript[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
  return files
    .toSorted()
    .flatMap((name) => parseFaultScripts(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')));
}
