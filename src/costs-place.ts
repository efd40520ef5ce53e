// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import type { WeightTable } from './costs/weights.ts';
import { tableFor, tableNamed, usualTable, weightTables } from './costs/weights/table-list.ts';
import { machineNamed, machines } from './model/machines/machine-list.ts';
import { refusal } from './review-one-state.ts';
import type { Machine } from './trace/machine.ts';

/** What the command line says about where to run. */
export interface PlaceRequest {
  /** Undefined for what a claim names, or else the first machine. */
  readonly machine: string | undefined;
  /** A table of weights; undefined for what a claim names, or else the architecture's usual one. */
  readonly weights: string | undefined;
}

/** A machine with as many CPUs as its table of weights is for. */
export interface Place {
  readonly machine: Machine;
  readonly table: WeightTable;
}

/** Where a benchmark is run. @param named the machine that a claim was measured on, in its words */
export function placeFor(
  named: string | undefined,
  request: PlaceRequest,
): WithDiagnostics<Place | undefined> {
  const asked = request.machine === undefined ? undefined : machineNamed(request.machine);
  if (request.machine !== undefined && asked === undefined) {
    const known = machines.map(({ name }) => name).join(', ');
    return refusal('review/no-machine', `there is no machine \`${request.machine}\`; there are ${known}`);
  }
  const wanted = request.weights === undefined ? tableOf(named, asked) : tableNamed(request.weights);
  if (request.weights !== undefined && wanted === undefined) {
    const known = weightTables.map(({ name }) => name).join(', ');
    return refusal('review/no-weights', `there are no weights \`${request.weights}\`; there are ${known}`);
  }
  const machine =
    asked ?? (wanted === undefined ? machines[0]! : machines.find(({ arch }) => arch === wanted.arch)!);
  const table = wanted ?? usualTable(machine);
  if (table === undefined) {
    return refusal('review/no-weights', `there are no weights for the architecture of \`${machine.name}\``);
  }
  if (table.arch !== machine.arch) {
    const message = `the weights \`${table.name}\` are for ${table.arch}, and \`${machine.name}\` is not`;
    return refusal('review/no-weights', message);
  }
  const config = { ...machine.config, CONFIG_NR_CPUS: table.cpus };
  return { value: { machine: { ...machine, config }, table }, diagnostics: [] };
}

/** What a claim names, unless another architecture was asked for. */
function tableOf(named: string | undefined, asked: Machine | undefined): WeightTable | undefined {
  const table = named === undefined ? undefined : tableFor(named);
  return asked === undefined || table?.arch === asked.arch ? table : undefined;
}
