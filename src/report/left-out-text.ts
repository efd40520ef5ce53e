// SPDX-License-Identifier: GPL-2.0-only

import type { DefinedElsewhere, Review, ReviewedPatch } from './review-schema.ts';
import { span, wrapped, type Line } from './styled-text.ts';

/** Most files or options that the text shows; all are in the JSON. */
const MOST_ITEMS = 8;

/**
 * What the latest version changes and no scenario can have tested: files that are not run, functions that were moved to
 * such files, options that are not set, what only other architectures define. And new options that count as set.
 */
export function renderLeftOut({ series }: Review, width: number): Line[] {
  const latest = series?.versions.at(-1);
  if (latest === undefined) return [];
  const { label, patches } = latest;
  const where = (has: (patch: ReviewedPatch) => boolean): string =>
    `${label} patch ${patches
      .filter(has)
      .map(({ patch }) => patch)
      .join(', ')}`;
  const files = [...new Set(patches.flatMap(({ notRun = [] }) => notRun))];
  const moved = [...new Set(patches.flatMap(({ moved: each = [] }) => each.map(movedText)))];
  const options = [...new Set(patches.flatMap(({ unset = [] }) => unset))];
  const set = [...new Set(patches.flatMap(({ countedAsSet = [] }) => countedAsSet))];
  const elsewhere = [
    ...new Set(patches.flatMap(({ definedElsewhere: each = [] }) => each.map(elsewhereText))),
  ];
  return [
    ...section('Not run', 'changed files that rewalk reads and does not run', width, files, (file) =>
      where(({ notRun }) => notRun?.includes(file) === true),
    ),
    ...section(
      'Moved',
      'out of the files that are run: what rewalk has of its own stands in',
      width,
      moved,
      (item) => where(({ moved: each }) => each?.some((one) => movedText(one) === item) === true),
    ),
    ...section('Not set', 'options without which changed lines are not compiled', width, options, (option) =>
      where(({ unset }) => unset?.includes(option) === true),
    ),
    ...section('Set', 'new options, by their default or because they are selected', width, set, (option) =>
      where(({ countedAsSet }) => countedAsSet?.includes(option) === true),
    ),
    ...section(
      'Other machines',
      'what changed lines name, and only architectures define that were not reviewed',
      width,
      elsewhere,
      (item) =>
        where(({ definedElsewhere: each }) => each?.some((one) => elsewhereText(one) === item) === true),
    ),
  ];
}

type Moved = NonNullable<ReviewedPatch['moved']>[number];

function movedText({ name, to }: Moved): string {
  return `${name}() to ${to}`;
}

function elsewhereText({ name, machine }: DefinedElsewhere): string {
  return `${name}(): --machine ${machine} runs it`;
}

function section(
  title: string,
  meaning: string,
  width: number,
  items: readonly string[],
  where: (item: string) => string,
): Line[] {
  if (items.length === 0) return [];
  const lines: Line[] = [[span(title, 'heading'), span(`  ${meaning}`, 'dim')]];
  for (const item of items.slice(0, MOST_ITEMS)) {
    for (const [index, text] of wrapped(`${item} (${where(item)})`, width - 4).entries())
      lines.push([span(index === 0 ? '  ? ' : '    ', 'unknown'), span(text)]);
  }
  if (items.length > MOST_ITEMS)
    lines.push([span(`    and ${items.length - MOST_ITEMS} more: see --json`, 'dim')]);
  return lines;
}

/** Nothing that the latest version changes is run. */
export function changesNothingRun({ series }: Review): boolean {
  return series?.versions.at(-1)?.patches.every(({ relevant }) => !relevant) === true;
}
