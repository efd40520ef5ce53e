// SPDX-License-Identifier: GPL-2.0-only

import { versionsToRead, versionsWithPatches, type SeriesVersion } from './posted.ts';
import type { Known } from './known.ts';
import type { Command } from './keys.ts';
import type { About, View } from './page.ts';
import { findingsInOrder } from './order.ts';
import type { Placed } from './place.ts';

/** Where a key leads: to a view, on top of the current one or instead of it; or nowhere, and why. */
export type Destination = { readonly view: View; readonly instead?: true } | { readonly notice: string };

/** Where a key leads from the row under the cursor. */
export function leadTo(
  command: Command,
  view: View,
  { known, placed }: { readonly known: Known; readonly placed: Placed },
): Destination {
  const about = aboutUnder(placed);
  switch (command) {
    case 'overview':
    case 'findings':
    case 'coverage':
    case 'help':
      return { view: { kind: command } };
    case 'patch':
      return toPatch(about, known);
    case 'letter':
      return withVersion(about, known, ({ label }) => ({ view: { kind: 'letter', label } }));
    case 'versions':
      return withVersion(about, known, ({ label }) => toComparison(label, known));
    case 'code':
      return toCode(about, known);
    case 'explanation':
      return about.finding === undefined
        ? { notice: 'no finding here' }
        : { view: { kind: 'explanation', id: about.finding } };
    case 'next-patch':
      return toNeighbour(view, about, known, 1);
    case 'previous-patch':
      return toNeighbour(view, about, known, -1);
    case 'next-version':
      return toOtherVersion(view, about, known, 1);
    case 'previous-version':
      return toOtherVersion(view, about, known, -1);
    default:
      return { notice: 'nothing to do here' };
  }
}

/** What the page is about, and more closely the row. */
export function aboutUnder({ page, rows, row, column }: Placed): About {
  const about = rows[row]?.about;
  const own = isList(about) ? about[Math.min(column, about.length - 1)] : about;
  return { ...page.about, ...own };
}

function isList(about: About | readonly About[] | undefined): about is readonly About[] {
  return Array.isArray(about);
}

/** The version that a page is about; the newest where it is about none. */
function withVersion(
  { label }: About,
  { series, ended }: Known,
  lead: (version: SeriesVersion) => Destination,
): Destination {
  const versions = versionsToRead(series);
  if (versions.length === 0)
    return { notice: ended ? 'there is no series' : 'the series is still being read' };
  return lead(versions.find((version) => version.label === label) ?? versions.at(-1)!);
}

function toPatch(about: About, known: Known): Destination {
  if (about.label === 'base') return { notice: 'the tree before the series has no patches' };
  return withVersion(about, known, ({ label, patches }) => {
    const [first] = patches;
    if (first === undefined) return { notice: `no patch of ${label} was read` };
    const patch = about.patch === undefined || about.patch === 0 ? first.index : about.patch;
    const { finding } = about;
    return { view: { kind: 'patch', label, patch, ...(finding === undefined ? {} : { finding }) } };
  });
}

function toComparison(label: string, { series }: Known): Destination {
  const versions = versionsWithPatches(series);
  const at = versions.findIndex((version) => version.label === label);
  if (versions.length < 2) return { notice: `${label} is the only version` };
  const to = versions[Math.max(1, at)]!;
  return { view: { kind: 'versions', from: versions[Math.max(0, at - 1)]!.label, to: to.label } };
}

/** The function under the cursor, else the first that the patch leaves behind. */
function toCode(about: About, { series }: Known): Destination {
  const { machine, label, patch } = about;
  const own = series?.versions
    .find((version) => version.label === label)
    ?.patches.find(({ index }) => index === patch)
    ?.functions.find(({ kind, change }) => kind === 'function' && change !== 'removed');
  const file = about.function === undefined ? own?.file : about.file;
  const name = about.function ?? own?.name;
  if (file === undefined || name === undefined || label === undefined || machine === undefined) {
    return { notice: 'no function here: go to a finding, or to a patch that changes one' };
  }
  return { view: { kind: 'code', file, function: name, machine, label, patch: patch ?? 0 } };
}

/** The patch before or after; from an explanation, the finding before or after. */
function toNeighbour(view: View, about: About, known: Known, way: number): Destination {
  if (view.kind === 'explanation') return toOtherFinding(view.id, known, way);
  if (view.kind === 'mail' || view.kind === 'reply') return toOtherMail(view, known, way);
  if (view.kind === 'letter' && way > 0) return toPatch({ label: view.label }, known);
  if (view.kind !== 'patch' && view.kind !== 'code') return toPatch(about, known);
  return withVersion(view, known, ({ label, patches }) => {
    const at = patches.findIndex(({ index }) => index === view.patch);
    const other = patches[at + way];
    if (other === undefined) {
      return at + way < 0 && view.kind === 'patch'
        ? { view: { kind: 'letter', label }, instead: true }
        : { notice: `that is the ${way > 0 ? 'last' : 'first'} patch of ${label}` };
    }
    if (view.kind === 'code') return { view: { ...view, patch: other.index }, instead: true };
    return { view: { kind: 'patch', label, patch: other.index }, instead: true };
  });
}

function toOtherFinding(id: string, { review }: Known, way: number): Destination {
  const ids = review === undefined ? [] : findingsInOrder(review).map((finding) => finding.id);
  const other = ids[ids.indexOf(id) + way];
  if (other === undefined) return { notice: `that is the ${way > 0 ? 'last' : 'first'} finding` };
  return { view: { kind: 'explanation', id: other }, instead: true };
}

function toOtherMail(
  view: Extract<View, { kind: 'mail' | 'reply' }>,
  { mails, series }: Known,
  way: number,
): Destination {
  const all =
    view.kind === 'mail'
      ? mails
      : (series?.versions.find(({ label }) => label === view.label)?.replies ?? []);
  const at = view.at + way;
  if (all[at] === undefined) return { notice: `that is the ${way > 0 ? 'last' : 'first'}` };
  return { view: { ...view, at }, instead: true };
}

/** The same in the version before or after: the patch of the same subject, else of the same number. */
function toOtherVersion(view: View, about: About, known: Known, way: number): Destination {
  const versions = versionsWithPatches(known.series);
  const label = view.kind === 'versions' ? view.to : about.label;
  const at = versions.findIndex((version) => version.label === label);
  const other = versions[at + way];
  if (at === -1) return { notice: 'no version here' };
  if (other === undefined) return { notice: `${label} is the ${way > 0 ? 'newest' : 'oldest'} version` };
  switch (view.kind) {
    case 'letter':
      return { view: { kind: 'letter', label: other.label }, instead: true };
    case 'versions':
      return at + way < 1
        ? { notice: `${other.label} is the oldest version` }
        : { view: { kind: 'versions', from: versions[at + way - 1]!.label, to: other.label }, instead: true };
    case 'patch':
      return {
        view: { kind: 'patch', label: other.label, patch: sameIn(versions[at]!, view.patch, other) },
        instead: true,
      };
    case 'code':
      return {
        view: { ...view, label: other.label, patch: sameIn(versions[at]!, view.patch, other) },
        instead: true,
      };
    default:
      return {
        view: { kind: 'patch', label: other.label, patch: sameIn(versions[at]!, about.patch ?? 1, other) },
      };
  }
}

function sameIn(from: SeriesVersion, patch: number, to: SeriesVersion): number {
  const subject = from.patches.find(({ index }) => index === patch)?.subject;
  const same = to.patches.find((each) => each.subject === subject);
  return (same ?? to.patches[Math.min(patch, to.patches.length) - 1] ?? to.patches[0]!).index;
}
