// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import { generateList, type GeneratedMail } from '../../scripts/generated-list.mjs';
import { generateMirror, type MirrorMail } from '../../scripts/generated-mirror.mjs';
import { readMail } from '../../src/ingest/mail.ts';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { matchPatches, type PatchPair } from '../../src/series/match-patches.ts';
import { mailsOf } from '../../src/series/series-mails.ts';
import type { Patch, Series } from '../../src/series/series.ts';
import { titleSimilarity, titleWords } from '../../src/series/subject.ts';

async function readAll(list: readonly Pick<GeneratedMail, 'text'>[]): Promise<MailMessage[]> {
  const messages = await Promise.all(
    list.map(({ text }, index) =>
      readMail({ bytes: Buffer.from(text), place: { file: 'list.mbox', line: index + 1 } }),
    ),
  );
  return messages.flatMap(({ value }) => value ?? []);
}

/** Each series as its mails with their versions, sorted. */
function grouping(series: readonly Series[]): string[] {
  return series
    .map((one) =>
      mailsOf(one)
        .map(({ version, messageId }) => `${version} <${messageId}>`)
        .sort()
        .join('\n'),
    )
    .sort();
}

function labelled(list: readonly (GeneratedMail | MirrorMail)[]): string[] {
  const bySeries = new Map<number, string[]>();
  for (const { series, version, id, kind } of list) {
    if (series === undefined || kind === 'copy') continue;
    bySeries.set(series, [...(bySeries.get(series) ?? []), `v${version} ${id}`]);
  }
  return [...bySeries.values()].map((mails) => mails.sort().join('\n')).sort();
}

describe('a generated list is put together as it was made', () => {
  test.each([
    { count: 600, senders: 40, seed: 1 },
    { count: 600, senders: 1, seed: 2 },
    { count: 600, senders: 4, seed: 3 },
  ])('$count mails of $senders senders, seed $seed, in any order', async (wanted) => {
    const list = generateList(wanted);
    const messages = await readAll(list);
    const { value, diagnostics, mails } = assembleSeries(messages);
    expect(diagnostics).toEqual([]);
    expect(mails).toMatchObject({ read: list.length, copies: 0, others: 0 });
    expect(grouping(value)).toEqual(labelled(list));
    expect(grouping(assembleSeries(messages.toReversed()).value)).toEqual(labelled(list));
  });
});

test('a mirror of a list, with robots, notes, copies, spam and every encoding, comes out as its series alone', async () => {
  const mirror = generateMirror({ count: 900, senders: 20, seed: 5 });
  const messages = await readAll(mirror);
  const { value, mails } = assembleSeries(messages);
  const count = (kind: MirrorMail['kind']): number => mirror.filter((mail) => mail.kind === kind).length;
  expect(grouping(value)).toEqual(labelled(mirror));
  expect(grouping(assembleSeries(messages.toReversed()).value)).toEqual(labelled(mirror));
  const counted = { covers: count('cover'), patches: count('patch'), replies: count('reply') };
  expect(mails).toMatchObject({
    read: mirror.length,
    ...counted,
    copies: count('copy'),
    others: count('other'),
  });
});

/** The definition without any index: every pair of patches, every line of both. */
function pairsByDefinition(before: readonly Patch[], after: readonly Patch[]): PatchPair[] {
  const all = before.flatMap((old) =>
    after.map((now) => {
      const titles = titleSimilarity(titleWords(old.subject), titleWords(now.subject));
      const lines = sharedLines(changesOf(old), changesOf(now));
      return { pair: { before: old, after: now, similarity: Math.max(titles, lines) }, rank: titles + lines };
    }),
  );
  const distance = ({ pair }: (typeof all)[number]): number => Math.abs(pair.before.index - pair.after.index);
  const sorted = all
    .filter(({ pair }) => pair.similarity >= 0.5)
    .sort((left, right) => right.rank - left.rank || distance(left) - distance(right));
  const pairs: PatchPair[] = [];
  for (const { pair } of sorted) {
    if (!pairs.some(({ before: old, after: now }) => old === pair.before || now === pair.after))
      pairs.push(pair);
  }
  return pairs.sort((left, right) => left.after.index - right.after.index);
}

function changesOf({ files }: Patch): string[] {
  return files
    .flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines))
    .filter(({ kind, text }) => kind !== 'context' && !['', '{', '}'].includes(text.trim()))
    .map(({ kind, text }) => `${kind} ${text.trim()}`);
}

function sharedLines(left: readonly string[], right: readonly string[]): number {
  const rest = [...right];
  let common = 0;
  for (const line of left) {
    const at = rest.indexOf(line);
    if (at === -1) continue;
    rest.splice(at, 1);
    common += 1;
  }
  const all = left.length + right.length;
  return all === 0 ? 0 : (2 * common) / all;
}

test('patches of two versions are paired as the definition says', async () => {
  const { value } = assembleSeries(await readAll(generateList({ count: 500, senders: 30, seed: 4 })));
  const versions = value.flatMap((series) => series.versions.map(({ patches }) => patches));
  expect(versions.length).toBeGreaterThan(50);
  // Neighbours belong to one series or to two, and both must come out the same.
  for (const [index, before] of versions.entries()) {
    const after = versions[index + 1] ?? [];
    expect(matchPatches(before, after)).toEqual(pairsByDefinition(before, after));
  }
});
