// SPDX-License-Identifier: GPL-2.0-only

import parseDiff from 'parse-diff';
import type { Hunk } from './unified-diff.ts';

/**
 * How another parser of diffs reads the same hunks, if it reads them differently; undefined if the two agree. `text`
 * is what `hunks`, all of them complete, were read from. Ours alone knows mail, names lines and finds hunks cut short;
 * where both read every line, two readings that differ mean that one of them is wrong about what would be run.
 */
export function disputedReading(text: string, hunks: readonly Hunk[]): string | undefined {
  const ours = hunks.map((hunk) => outline(hunk, (kind) => count(hunk.lines, (line) => line.kind === kind)));
  const theirs = parseDiff(text).flatMap(({ chunks }) =>
    chunks.map((chunk) => {
      const { oldStart, oldLines: oldCount, newStart, newLines: newCount } = chunk;
      const changes = chunk.changes.filter(({ content }) => !content.startsWith('\\ '));
      const type = { added: 'add', removed: 'del' } as const;
      return outline({ oldStart, oldCount, newStart, newCount }, (kind) =>
        count(changes, (change) => change.type === type[kind]),
      );
    }),
  );
  const length = Math.max(ours.length, theirs.length);
  for (let index = 0; index < length; index += 1) {
    const [here = 'no hunk', there = 'no hunk'] = [ours[index], theirs[index]];
    if (here !== there) return `hunk ${index + 1} is \`${here}\` here and \`${there}\` to another parser`;
  }
  return undefined;
}

type Range = Pick<Hunk, 'oldStart' | 'oldCount' | 'newStart' | 'newCount'>;

function outline(range: Range, countOf: (kind: 'added' | 'removed') => number): string {
  const { oldStart, oldCount, newStart, newCount } = range;
  return `-${oldStart},${oldCount} +${newStart},${newCount}: ${countOf('added')} added, ${countOf('removed')} removed`;
}

function count<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length;
}
