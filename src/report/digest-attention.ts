// SPDX-License-Identifier: GPL-2.0-only

import type { DigestEntry, DigestSkipped } from './digest-schema.ts';
import { counted } from './styled-text.ts';

/** One reason to look at a series, and what it weighs against others. */
interface Reason {
  readonly weight: number;
  readonly text: string;
}

/** Series that touch what is modelled, and of which nothing can be said all the same. */
const NOT_RUN: Readonly<Partial<Record<DigestSkipped['kind'], string>>> = {
  'cannot-be-run': 'cannot be run',
  'no-time': 'no time to run it',
};

type Unordered = Omit<DigestEntry, 'attention'>;

/**
 * What a wrong page table weighs against a missing answer: only the order among these counts. A finding outweighs any
 * question, a question outweighs waiting.
 */
const WEIGHTS = {
  bug: 100,
  risk: 80,
  claimDiffers: 60,
  question: 50,
  missing: 45,
  notRun: 43,
  cost: 40,
  dropped: 35,
  notSeen: 33,
  unreviewed: 30,
  ready: 25,
  author: 20,
} as const;

/** The entries with what each needs, in the order in which they need it; among equals the newest first. */
export function byAttention(entries: readonly Unordered[]): DigestEntry[] {
  const weighed = entries.map((entry) => {
    const reasons = reasonsFor(entry).toSorted((a, b) => b.weight - a.weight);
    const attention = reasons.map(({ text }) => text);
    return { entry: { ...entry, attention }, weight: reasons[0]?.weight ?? 0 };
  });
  return weighed
    .toSorted(
      (a, b) =>
        b.weight - a.weight ||
        (b.entry.news.date ?? '').localeCompare(a.entry.news.date ?? '') ||
        a.entry.id.localeCompare(b.entry.id),
    )
    .map(({ entry }) => entry);
}

function reasonsFor(entry: Unordered): Reason[] {
  const { latest, state, claims, changes } = entry;
  const reasons: Reason[] = [...findingReasons(entry)];
  const add = (weight: number, text: string): void => void reasons.push({ weight, text });
  const differing = claims.filter(({ outcome }) => outcome === 'differs').length;
  if (differing > 0) add(WEIGHTS.claimDiffers, `${counted(differing, 'claim')} the model contradicts`);
  const open = state.questions.length;
  if (open > 0) add(WEIGHTS.question, counted(open, 'open question'));
  const missing = latest.total - latest.patches;
  if (missing > 0) {
    add(WEIGHTS.missing, `${counted(missing, 'patch', 'patches')} of ${latest.total} not read`);
  }
  if (state.dropped.length > 0) add(WEIGHTS.dropped, `${counted(state.dropped.length, 'trailer')} dropped`);
  const notSeen = changes?.stated.filter(({ verdict }) => verdict === 'not-seen').length ?? 0;
  if (notSeen > 0) add(WEIGHTS.notSeen, `${counted(notSeen, 'stated change')} not seen in the patches`);
  if (state.waits.for === 'reviewers') add(WEIGHTS.unreviewed, `waits for reviewers`);
  if (state.waits.for === 'maintainer') add(WEIGHTS.ready, 'reviewed or acked throughout');
  if (state.waits.for === 'author' && open === 0) add(WEIGHTS.author, 'waits for its author');
  return reasons;
}

function findingReasons({ run, latest }: Unordered): Reason[] {
  if ('skipped' in run) {
    const text = NOT_RUN[run.kind];
    return text === undefined ? [] : [{ weight: WEIGHTS.notRun, text }];
  }
  const part = run.complete ? [] : [{ weight: WEIGHTS.notRun, text: 'run in part' }];
  const found = (['bug', 'risk', 'cost'] as const).flatMap((severity) => {
    const count = run.findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [{ severity, text: counted(count, severity) }];
  });
  const [gravest] = found;
  if (gravest === undefined) return part;
  const text = `${found.map((each) => each.text).join(', ')} in ${latest.label}`;
  return [{ weight: WEIGHTS[gravest.severity], text }, ...part];
}
