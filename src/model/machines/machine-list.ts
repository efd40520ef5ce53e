// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { arm64With16k, arm64With16kBbml2 } from './arm64-16k.ts';
import { arm64With4k, arm64With4kBbml2 } from './arm64-4k.ts';
import { arm64With64k, arm64With64kBbml2 } from './arm64-64k.ts';
import { riscv64WithSv48 } from './riscv64-sv48.ts';
import { syntheticVivt } from './synthetic-vivt.ts';
import { x86_64With4Levels } from './x86_64-4level.ts';
import { x86_64With5Levels } from './x86_64-5level.ts';

/** Every machine that the model knows, in the order of reports. */
export const machines: readonly Machine[] = [
  arm64With4k,
  arm64With4kBbml2,
  arm64With16k,
  arm64With16kBbml2,
  arm64With64k,
  arm64With64kBbml2,
  x86_64With4Levels,
  x86_64With5Levels,
  riscv64WithSv48,
  syntheticVivt,
];

/** Those that a review runs on when nobody names any: one of each kind of code, since every machine takes its time. */
export const usualMachines: readonly Machine[] = [arm64With4k, arm64With4kBbml2, x86_64With4Levels];

/** The machine of that name, as given to `--machine`. */
export function machineNamed(name: string): Machine | undefined {
  return machines.find((machine) => machine.name === name);
}
