// SPDX-License-Identifier: GPL-2.0-only

import type { Digest, DigestClaim, DigestEntry, DigestRun } from './digest-schema.ts';
import { counted } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

// Sentences that every format of a digest has in common. Words of mails come out of here in one line and without
// control characters.

/** A mail in the archive of all kernel lists, whatever its id has in it. */
export function mailLink(messageId: string): string {
  return `https://lore.kernel.org/r/${encodeURIComponent(messageId).replaceAll('%40', '@')}`;
}

/** One line of someone else's words. */
export function oneLine(text: string): string {
  return terminalText(text.replace(/\s+/g, ' ').trim());
}

/** `2026-05-21`, or nothing where the mail has no date that can be read. */
function dayOf(date: string | undefined): string {
  return date === undefined ? '' : date.slice(0, 10);
}

/** `2026-05-01 to 2026-05-31`; `until` is the first moment that is no longer in the period. */
export function periodText({ since, until }: Pick<Digest, 'since' | 'until'>): string {
  const last = until === undefined ? undefined : dayOf(new Date(Date.parse(until) - 1).toISOString());
  if (since === undefined) return last === undefined ? 'all mails' : `up to ${last}`;
  return last === undefined ? `since ${dayOf(since)}` : `${dayOf(since)} to ${last}`;
}

/** `3 series with news, 2 with findings, 1 with open questions`. */
export function totalsText({ series, quiet }: Digest): string {
  const withFindings = series.filter(({ run }) => 'findings' in run && run.findings.length > 0).length;
  const open = series.reduce((sum, { state }) => sum + state.questions.length, 0);
  return [
    `${series.length} series with news`,
    `${withFindings} with findings`,
    counted(open, 'open question'),
    ...(quiet === 0 ? [] : [`${quiet} series without news left out`]),
  ].join(', ');
}

export function titleOf({ title, latest }: DigestEntry): string {
  return `${oneLine(title)} (${latest.label})`;
}

/** `v4 with 6 patches, 2026-06-18, by Series Author; before: v3 (2026-05-21), v2`. */
export function postedText({ latest, earlier, author }: DigestEntry): string {
  const { label, patches, total, date } = latest;
  const size = patches === total ? counted(total, 'patch', 'patches') : `${patches} of ${total} patches`;
  const facts = [`${label} with ${size}`, dayOf(date), author === '' ? '' : `by ${oneLine(author)}`];
  const before = earlier.map((each) =>
    each.date === undefined ? each.label : `${each.label} (${dayOf(each.date)})`,
  );
  return `${facts.filter((fact) => fact !== '').join(', ')}${before.length === 0 ? '' : `; before: ${before.join(', ')}`}`;
}

/** What came since the digest before. */
export function newsText({ news: { versions, replies, people } }: DigestEntry): string {
  const who = people.length === 0 ? '' : ` by ${people.map(oneLine).join(', ')}`;
  const posted = versions.length === 0 ? [] : [`${versions.join(', ')} posted`];
  const answered = replies === 0 ? [] : [`${counted(replies, 'reply', 'replies')}${who}`];
  return [...posted, ...answered].join('; ');
}

/** `waits for Series Author since 2026-06-20: 2 questions have no answer`. */
export function waitsText({ state: { waits } }: DigestEntry): string {
  const who =
    waits.who.length > 0 && waits.for !== 'maintainer'
      ? waits.who.map(oneLine).join(', ')
      : `the ${waits.for}`;
  const since = waits.since === undefined ? '' : ` since ${dayOf(waits.since)}`;
  return `waits for ${who}${since}: ${waits.why}`;
}

/** `4 of 6 patches reviewed or acked; gained 2 Reviewed-by; dropped Acked-by of Reviewer A (patch 3)`. */
export function trailersText({ state: { vouched, gained, dropped }, latest }: DigestEntry): string {
  const counts = new Map<string, number>();
  for (const { key } of gained) counts.set(key, (counts.get(key) ?? 0) + 1);
  const won = [...counts].map(([key, count]) => `${count} ${oneLine(key)}`);
  const lost = dropped.map(
    ({ key, value, patch }) => `${oneLine(key)} of ${oneLine(value)} (patch ${patch})`,
  );
  return [
    `${vouched} of ${counted(latest.patches, 'patch', 'patches')} reviewed or acked`,
    ...(won.length === 0 ? [] : [`gained in replies: ${won.join(', ')}`]),
    ...(lost.length === 0 ? [] : [`dropped since the version before: ${lost.join('; ')}`]),
  ].join('; ');
}

type Question = DigestEntry['state']['questions'][number];

/** `Reviewer A on patch 5, mm/vmalloc.c:3512 vmap_batched()`. */
export function questionPlace({ by, patch, file, line, function: name }: Question): string {
  const where = [
    patch === undefined ? '' : patch === 0 ? 'the cover letter' : `patch ${patch}`,
    file === undefined ? '' : `${oneLine(file)}${line === undefined ? '' : `:${line}`}`,
  ].filter((part) => part !== '');
  const on = where.length === 0 ? '' : ` on ${where.join(', ')}`;
  return `${by === '' ? 'someone' : oneLine(by)}${on}${name === undefined ? '' : ` ${oneLine(name)}()`}`;
}

const OUTCOMES: Readonly<Record<DigestClaim['outcome'], string>> = {
  agrees: 'the model agrees',
  less: 'the model says the same direction, but less',
  more: 'the model says the same direction, but more',
  differs: 'the model contradicts',
  'not-checked': 'not checked',
};

/** `claims 8.29x, the model contradicts: 0.98x`. */
export function claimOutcome({ claimed, modelled, outcome, reason }: DigestClaim): string {
  const ratio = (value: number): string => `${value.toPrecision(3)}x`;
  const said = claimed === null ? '' : `${ratio(claimed)}: `;
  const why = reason === undefined ? '' : ` (${oneLine(reason)})`;
  return `${said}${OUTCOMES[outcome]}${modelled === null ? why : `, ${ratio(modelled)}`}`;
}

/** `map/exact, broken by patch 5 (mm/vmalloc: …), repaired by patch 6`. */
export function findingText({
  invariant,
  breaks,
  patch,
  subject,
  repairedBy,
}: DigestRun['findings'][number]): string {
  const name = (breaks ?? [invariant]).join(', ');
  const by = `${name}, broken by patch ${patch}${subject === undefined ? '' : ` (${oneLine(subject)})`}`;
  return repairedBy === undefined ? by : `${by}, repaired by patch ${repairedBy}`;
}

/** That nothing was found, and in what. */
export function noFindingText({ complete }: DigestRun): string {
  return complete ? 'No finding in the latest version.' : 'No finding in what was run of the latest version.';
}

/** What a reader must know before taking silence for success. */
export const MODEL_NOTE =
  'What is run is a model of the machine and of the kernel around the patches: a promise that holds was kept in the ' +
  'scenarios that were run, which is no proof. Modelled ratios are of weighed events, not of time.';

/** What a patch changes in what the kernel does. */
export function changeText({ patch, text }: DigestRun['changes'][number]): string {
  return `patch ${patch} ${text}`;
}
