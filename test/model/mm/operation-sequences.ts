// SPDX-License-Identifier: GPL-2.0-only
import { boot } from '../../../src/model/boot.ts';
import { formsInPlace } from '../../../src/model/in-place.ts';
import { modelHeaders, replacedHeaders } from '../../../src/model/headers.ts';
import { ignored } from '../../../src/model/ignored.ts';
import { allocationLimit } from '../../../src/model/mm/allocation-limit.ts';
import { modelSymbols } from '../../../src/model/symbols.ts';
import type { SourceText } from '../../../src/run/link-tree.ts';
import { LinkedKernel } from '../../../src/run/link.ts';
import { parseProgram } from '../../../src/run/program.ts';
import type { KernelFunction } from '../../../src/run/runtime.ts';
import { EventLog } from '../../../src/trace/event-log.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { ends } from './sequence-ends.ts';
import { makers, type Maker } from './sequence-makers.ts';
import { others, users, type User } from './sequence-users.ts';
import { Sequence, type Drawn, type Kind } from './sequence.ts';
import { effectOf } from './visible-effects.ts';

const operations = [...makers, ...users, ...ends, ...others];
type Operation = (typeof operations)[number];

/** Every call that sequences make; some are no function of the kernel's. */
export const everyCall: readonly string[] = [...new Set(operations.map(({ call }) => call))];

/** Steps before everything is given back. */
const LENGTH = 20;

/** A kernel on which sequences run: the model, or the C of a tree as far as `mode` binds it. */
export function linkForSequences(
  machine: Machine,
  source: SourceText,
  mode: 'patched' | 'from-tree',
): LinkedKernel {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  const noprof = everyCall.map((name) => `${name}_noprof`);
  return new LinkedKernel({
    machine,
    program: parseProgram({ read: (path) => source[path] }, machine, face),
    before: undefined,
    touched: new Set(),
    mode,
    inPlace: formsInPlace(machine),
    modelFunctions: new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>)),
    ignored: new Map(Object.entries(ignored).map(([name, { reason }]) => [name, reason])),
    entryPoints: [...everyCall, ...noprof, 'vmalloc_init'],
    bootModel: boot,
  });
}

/** One operation: what was called, what it returned, and everything that it did that others can see. */
export interface Step {
  readonly call: string;
  readonly text: string;
  readonly result: string;
  readonly effects: string;
}

export interface SequenceRequest {
  readonly seed: number;
  /** Calls that may be made. */
  readonly calls: ReadonlySet<string>;
  /** Those of them that are drawn more often, until they have been. */
  readonly favoured: ReadonlySet<string>;
  /** May one allocation be refused and the next succeed? */
  readonly refusesOnce: boolean;
}

/** Runs the sequence that a seed names on a kernel that was just booted. At its end everything is given back. */
export function runSequence(linked: LinkedKernel, request: SequenceRequest): readonly Step[] {
  const events = new EventLog();
  linked.boot(events);
  const s = new Sequence(linked, request.seed);
  const allowed = operations.filter(({ call }) => request.calls.has(call));
  const favoured = new Set(allowed.filter(({ call }) => request.favoured.has(call)));
  const steps: Step[] = [];
  const take = (operation: Operation, few: Few | undefined): boolean => {
    const before = events.length;
    const { step, ended } = perform(s, operation, few);
    const effects = events.slice(before).flatMap((event) => effectOf(event, linked.machine));
    steps.push({ ...step, effects: effects.join('\n') });
    return !ended;
  };
  for (let i = 0; i < LENGTH; i++) {
    const operation = choose(s, allowed, favoured);
    for (const each of favoured) if (each.call === operation.call) favoured.delete(each);
    if (!take(operation, fewAllocations(s, request))) return steps;
  }
  const tidy = ['workers', 'vm_unmap_aliases'].map((name) => operations.find(({ call }) => call === name)!);
  while (s.live.length > 0) {
    const possible = ends.filter((end) => request.calls.has(end.call) && isPossible(s, end));
    if (possible.length === 0 || !take(s.prng.pick(possible), undefined)) return steps;
  }
  for (const operation of tidy) if (!take(operation, undefined)) break;
  return steps;
}

/** Something possible; where there is nothing to do it on, what makes such a thing. */
function choose(s: Sequence, allowed: readonly Operation[], favoured: ReadonlySet<Operation>): Operation {
  const { prng } = s;
  const drawn = prng.pick(favoured.size > 0 && !prng.oneIn(4) ? [...favoured] : allowed);
  if (isPossible(s, drawn)) return drawn;
  const kinds = 'on' in drawn ? drawn.on : [];
  const making = allowed.filter(
    (each): each is Maker => 'makes' in each && kinds.includes(each.makes as Kind),
  );
  return making.length > 0 ? prng.pick(making) : prng.pick(allowed.filter((each) => isPossible(s, each)));
}

function isPossible(s: Sequence, operation: Operation): boolean {
  return !('on' in operation) || candidates(s, operation).length > 0;
}

function candidates(s: Sequence, { on, when }: User) {
  return s.ofKind(on).filter((one) => when?.(one, s) !== false);
}

/** Some operations get few allocations before they are refused one, or all from there on. */
interface Few {
  readonly count: number;
  readonly once: boolean;
}

function fewAllocations({ prng }: Sequence, { refusesOnce }: SequenceRequest): Few | undefined {
  return prng.oneIn(10) ? { count: prng.below(9), once: refusesOnce && prng.oneIn(2) } : undefined;
}

function perform(
  s: Sequence,
  operation: Operation,
  few: Few | undefined,
): { readonly step: Omit<Step, 'effects'>; readonly ended: boolean } {
  const { text, run } = draw(s, operation);
  const limit = s.kernel.state(allocationLimit);
  Object.assign(limit, { remaining: few?.count, once: few?.once === true });
  const said =
    few === undefined
      ? text
      : `${text}, allocation ${few.count + 1} refused${few.once ? '' : ' and all after it'}`;
  try {
    const result = String(run());
    return { step: { call: operation.call, text: said, result }, ended: false };
  } catch (error) {
    const result = `${(error as Error).name}: ${(error as Error).message}`;
    return { step: { call: operation.call, text: said, result }, ended: true };
  } finally {
    limit.remaining = undefined;
  }
}

function draw(s: Sequence, operation: Operation): Drawn {
  return 'on' in operation ? operation.draw(s, s.prng.pick(candidates(s, operation))) : operation.draw(s);
}
