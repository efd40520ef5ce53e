// SPDX-License-Identifier: GPL-2.0-only

import { callInWords } from '../trace/added-calls.ts';
import { behaviourKinds, type BehaviourKind } from '../trace/behaviour.ts';
import { renderCommand } from './finding-text.ts';
import { groupedBy } from '../base/grouped.ts';
import type { BehaviourChange, PatchChanges, Review } from './review-schema.ts';
import { counted, padded, paddedLeft, span, wrapped, type Line } from './styled-text.ts';

const WORDS: Readonly<Record<BehaviourKind, string>> = {
  result: 'results',
  area: 'areas',
  warning: 'warnings and faults',
  translation: 'translations',
  flush: 'flushed ranges',
  'flush-count': 'number of flushes',
  address: 'addresses chosen',
  allocation: 'allocations',
  lock: 'locks',
  step: 'order of steps only',
};

const GAP = 2;
const EXAMPLE = ' '.repeat(6);

/** A patch's changes on all machines together. */
interface ChangedPatch {
  readonly patch: number;
  readonly compared: number;
  readonly differing: number;
  readonly sameSource: boolean;
  readonly kinds: readonly {
    readonly kind: BehaviourKind;
    readonly count: number;
    readonly smallest: BehaviourChange;
  }[];
}

/** What one patch changes, in words. */
export interface ChangeSummary {
  readonly patch: number;
  /** Scenarios, on all machines together, in which something differs. */
  readonly differing: number;
  readonly text: string;
}

/** In how many scenarios each patch of a version changes what; patches that could not be compared are left out. */
export function changeSummaries(review: Review, label: string): ChangeSummary[] {
  return changedPatches(review, label).map((changed) => {
    const { patch, differing, compared, sameSource, kinds } = changed;
    if (sameSource) return { patch, differing, text: 'changes nothing that is run' };
    const all = counted(compared, 'scenario');
    if (differing === 0) return { patch, differing, text: `changes nothing in ${all}` };
    return { patch, differing, text: `changes ${shown(differing)} of ${all}: ${kindsText(kinds)}` };
  });
}

function changedPatches({ changes }: Review, label: string | undefined): ChangedPatch[] {
  const own = changes.filter((each) => each.label === label);
  return [...groupedBy(own, ({ patch }) => patch)].map(([patch, on]) => changedPatch(patch, on));
}

/** A line a patch of the latest version: in how many scenarios it changes what. `details`: with the smallest example of each. */
export function renderChanges(review: Review, width: number, details: boolean): Line[] {
  const patches = changedPatches(review, review.series?.versions.at(-1)?.label);
  if (patches.length === 0) return [];
  const title: Line = [
    span('What each patch changes', 'heading'),
    span('  in scenarios that ran before it and after it', 'dim'),
  ];
  const numberWidth = Math.max(...patches.map(({ patch }) => `${patch}`.length));
  const changedWidth = Math.max(...patches.map(({ differing }) => shown(differing).length));
  const lines = patches.flatMap((patch) => {
    const number = `${' '.repeat(GAP)}${paddedLeft(String(patch.patch), numberWidth)}${' '.repeat(GAP)}`;
    const indent = ' '.repeat(number.length + changedWidth + GAP);
    const text = wrapped(summaryOf(patch), width - indent.length);
    return [
      ...text.map((part, index): Line => {
        const head = number + padded(paddedLeft(shown(patch.differing), changedWidth), changedWidth + GAP);
        return [span(index === 0 ? head : indent), span(part, patch.differing === 0 ? 'dim' : 'strong')];
      }),
      ...(details ? renderExamples(patch.kinds, width) : []),
    ];
  });
  return [title, ...lines];
}

function changedPatch(patch: number, on: readonly PatchChanges[]): ChangedPatch {
  const all = on.flatMap(({ changes }) => changes);
  const kinds = behaviourKinds.flatMap((kind) => {
    const own = all.filter((change) => change.kind === kind);
    if (own.length === 0) return [];
    const smallest = own.reduce((best, each) => (each.scenario.length < best.scenario.length ? each : best));
    return [{ kind, count: sum(own.map(({ count }) => count)), smallest }];
  });
  return {
    patch,
    compared: sum(on.map(({ compared }) => compared)),
    differing: sum(on.map(({ differing }) => differing)),
    sameSource: on.every(({ sameSource }) => sameSource),
    kinds,
  };
}

function summaryOf({ compared, differing, sameSource, kinds }: ChangedPatch): string {
  if (sameSource) return 'nothing that is run';
  const of = `of ${counted(compared, 'scenario')}`;
  if (differing === 0) return `${of}: nothing behaves differently`;
  return `${of}: ${kindsText(kinds)}`;
}

function kindsText(kinds: ChangedPatch['kinds']): string {
  return kinds.map(({ kind, count }) => `${WORDS[kind]} ${shown(count)}`).join(', ');
}

/** What differs in the smallest scenarios, with the command that runs them: kinds that share one stand together. */
function renderExamples(kinds: ChangedPatch['kinds'], width: number): Line[] {
  const byCommand = groupedBy(kinds, ({ smallest }) => smallest.replay);
  return [...byCommand].flatMap(([command, group]) => [
    ...group.flatMap(({ smallest }) =>
      wrapped(howItDiffers(smallest), width - EXAMPLE.length).map((text): Line => [span(EXAMPLE + text)]),
    ),
    ...renderCommand(command, width - GAP).map((line): Line => [span(' '.repeat(GAP)), ...line]),
  ]);
}

/** One change in words. */
export function howItDiffers({ kind, call, atEnd, before, after }: BehaviourChange): string {
  const what = `${WORDS[kind]}: ${callInWords({ name: call, atEnd })}`;
  if (before === '' && after === '')
    return kind === 'step' ? what : `${what} as many, elsewhere or of something else`;
  return `${what} ${before === '' ? 'nothing' : before} -> ${after === '' ? 'nothing' : after}`;
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
