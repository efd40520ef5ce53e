// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { machineNamed, machines } from './model/machines/machine-list.ts';
import { readReviewInput, type ReviewInput } from './review-input.ts';
import { statesOf, type SourceState } from './review-states.ts';
import type { Machine } from './trace/machine.ts';

/** One state of the source on one machine, as command lines name them. */
export interface StateRequest {
  readonly machine: string;
  readonly tree: string | undefined;
  /** The sources of a series; none for the tree as it is. */
  readonly series: readonly string[];
  /** Which series of the sources; the one with most versions if undefined. */
  readonly pick?: string | undefined;
  /** Number or label; the latest if undefined. */
  readonly version: string | undefined;
  /** How many patches are applied; 0 is the tree before the series; all if undefined. */
  readonly patch: number | undefined;
}

export interface OneState {
  readonly machine: Machine;
  readonly input: ReviewInput;
  readonly state: SourceState;
}

/** Opens the state. The value is undefined where there is none; the first diagnostic then says why. */
export async function openState(request: StateRequest): Promise<WithDiagnostics<OneState | undefined>> {
  const machine = machineNamed(request.machine);
  if (machine === undefined) {
    const known = machines.map(({ name }) => name).join(', ');
    return refusal('review/no-machine', `there is no machine \`${request.machine}\`; there are ${known}`);
  }
  const versions = request.version === undefined ? undefined : [request.version];
  const { value: input, diagnostics } = await readReviewInput({
    sources: request.series,
    tree: request.tree,
    versions,
    pick: request.pick,
  });
  if (input === undefined) return { value: undefined, diagnostics };
  const states = statesOf(input);
  const { label } = states.at(-1)!;
  const own = states.filter((state) => state.label === label);
  const { patch } = request;
  const found =
    patch === 0
      ? states[0]
      : patch === undefined
        ? own.at(-1)
        : own.find((each) => each.patch === patch && each.version > 0);
  if (found !== undefined) return { value: { machine, input, state: found }, diagnostics };
  if (input.series === undefined) {
    return refusal('review/no-patch', `\`--patch ${patch}\` needs a series: name it with --series`);
  }
  const built = own.map((each) => each.patch).join(', ');
  return refusal('review/no-patch', `${label} has no patch ${patch} that can be run; it has ${built}`);
}

/** A value that is not there, and the one sentence that says why. */
export function refusal(code: string, message: string): { value: undefined; diagnostics: Diagnostic[] } {
  return { value: undefined, diagnostics: [{ code, severity: 'error', message }] };
}
