// SPDX-License-Identifier: GPL-2.0-only

import { compareOn } from './compare.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import type { DigestChanges } from './report/digest-schema.ts';
import { withFunctionsFromTree } from './series/prefix-trees.ts';
import type { Series } from './series/series.ts';
import type { VersionDiff } from './series/version-diff.ts';

/** Most entries of changelogs, and most functions that these do not name, that are kept. */
const MOST = 100;

/**
 * What the latest version changed since the one before, as `rewalk diff` sees it. Undefined where only one version has
 * patches.
 *
 * @param base - the tree that both are for; without it, the patches' own lines are compared
 */
export function changesOfLatest(series: Series, base: SourceTree | undefined): DigestChanges | undefined {
  const last = series.versions.filter(({ patches }) => patches.length > 0).slice(-2);
  const read =
    base === undefined ? last : withFunctionsFromTree({ ...series, versions: last }, base).value.versions;
  const [from, to] = read;
  if (from === undefined || to === undefined) return undefined;
  const { value, diagnostics } = compareOn({ from, to, base });
  // The only thing that is said of it: that a version cannot be built on the tree.
  return summaryOf(value, base === undefined || diagnostics.length > 0 ? 'hunks' : 'tree');
}

function summaryOf(
  { from, to, patches, entries, unmentioned }: VersionDiff,
  basis: DigestChanges['basis'],
): DigestChanges {
  return {
    from,
    to,
    patches: patches.map(({ outcome, subject, before, after, squashedInto, splitFrom }) => ({
      outcome,
      subject,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(squashedInto === undefined ? {} : { squashedInto }),
      ...(splitFrom === undefined ? {} : { splitFrom }),
    })),
    stated: entries.slice(0, MOST).map(({ patch, text, verdict, named }) => ({
      patch,
      text,
      verdict,
      reasons: named.map(({ name, reason }) => `${name}: ${reason}`),
    })),
    unmentioned: unmentioned.slice(0, MOST).map(({ name, change, file, line, after, patchNamed }) => ({
      name,
      change,
      file,
      ...(line === undefined ? {} : { line }),
      patches: after,
      patchNamed,
    })),
    basis,
  };
}
