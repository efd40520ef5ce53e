// SPDX-License-Identifier: GPL-2.0-only

/**
 * What a run did, as far as two runs of one scenario can be compared: each operation's part of each of these, as a short
 * text. What the code around a patch decides (where objects lie, which free pages were taken) is no part of it.
 */
export const behaviourKinds = [
  /** What a call returned: its error, its number, the page that it looked up. */
  'result',
  /** Size and flags of an area that a call made. */
  'area',
  /** WARN and BUG, faults, loops without end. */
  'warning',
  /** Leaves that a call wrote or cleared: where, at which level, to which frames, with which attributes. */
  'translation',
  /** What of the address space TLB, cache and other tables were told of. */
  'flush',
  /** In how many calls. */
  'flush-count',
  /** Where an area was put. */
  'address',
  /** What was asked of allocators, how often, with which flags; and given back. */
  'allocation',
  /** What was locked, and which scopes were entered, how often. */
  'lock',
  /** All events one after the other: the order, walks, barriers, stores on the way. */
  'step',
] as const;

export type BehaviourKind = (typeof behaviourKinds)[number];

/** What callers or the hardware can tell: what no change may touch that is said to change nothing. */
const visibleKinds: ReadonlySet<BehaviourKind> = new Set([
  'result',
  'area',
  'warning',
  'translation',
  'flush',
]);

export function isVisible(kind: BehaviourKind): boolean {
  return visibleKinds.has(kind);
}

/** What one operation did, of one kind; left out where there is nothing of it. */
export interface OperationPart {
  readonly operation: number;
  /** The entry point. */
  readonly name: string;
  readonly text: string;
}

/**
 * A line a kind, in their order; a tab between operations. Text, since a review holds one for each scenario on each state,
 * and most are equal.
 */
export type Behaviour = string;

/** Begins a word that stands for what is too long to be told. */
export const DIGEST_MARK = '#=';
const DIGEST_WORD = / ?#=[0-9a-f]+/g;

const BETWEEN_KINDS = '\n';
const BETWEEN_PARTS = '\t';
const BETWEEN_WORDS = ' ';

export function writeBehaviour(parts: Readonly<Record<BehaviourKind, readonly OperationPart[]>>): Behaviour {
  return behaviourKinds
    .map((kind) =>
      parts[kind]
        .map(({ operation, name, text }) => [operation, name, text].join(BETWEEN_WORDS))
        .join(BETWEEN_PARTS),
    )
    .join(BETWEEN_KINDS);
}

/** One kind of a behaviour, operation by operation. */
function readParts(behaviour: Behaviour, kind: BehaviourKind): OperationPart[] {
  const line = behaviour.split(BETWEEN_KINDS)[behaviourKinds.indexOf(kind)] ?? '';
  return line
    .split(BETWEEN_PARTS)
    .filter((part) => part !== '')
    .map((part) => {
      const [operation, name = '', ...words] = part.split(BETWEEN_WORDS);
      return { operation: Number(operation), name, text: words.join(BETWEEN_WORDS) };
    });
}

/** The kinds in which two behaviours of one scenario differ; none if they are the same. */
export function differingKinds(before: Behaviour, after: Behaviour): BehaviourKind[] {
  if (before === after) return [];
  const [old, now] = [before.split(BETWEEN_KINDS), after.split(BETWEEN_KINDS)];
  return behaviourKinds.filter((_, index) => old[index] !== now[index]);
}

/** How one call differs: what only one of the two did. '' where that is nothing, or too long to be told. */
export interface Difference {
  readonly operation: number;
  /** The entry point. */
  readonly call: string;
  readonly before: string;
  readonly after: string;
}

/** The first operation whose part differs. */
export function firstDifference(
  before: Behaviour,
  after: Behaviour,
  kind: BehaviourKind,
): Difference | undefined {
  const [old, now] = [readParts(before, kind), readParts(after, kind)];
  const operations = [...new Set([...old, ...now].map(({ operation }) => operation))].toSorted(
    (a, b) => a - b,
  );
  for (const operation of operations) {
    const [was, is] = [old, now].map((parts) => parts.find((part) => part.operation === operation));
    if (was?.text === is?.text) continue;
    const [told, toldNow] = [toldItems(was?.text), toldItems(is?.text)];
    return {
      operation,
      call: (is ?? was)!.name,
      before: told.filter((item) => !toldNow.includes(item)).join(', '),
      after: toldNow.filter((item) => !told.includes(item)).join(', '),
    };
  }
  return undefined;
}

function toldItems(text = ''): string[] {
  return text
    .replaceAll(DIGEST_WORD, '')
    .split(', ')
    .filter((item) => item !== '');
}
