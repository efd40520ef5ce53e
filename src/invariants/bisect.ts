// SPDX-License-Identifier: GPL-2.0-only
import type { Invariant } from './invariant.ts';

/** Judged by the review across the patches of a series: no single trace can tell. */
export const bisect: Invariant = {
  id: 'bisect',
  title: 'every patch stands alone',
  promise:
    'Each patch of a series by itself breaks none of the promises that its predecessor kept, and names only functions that exist.',
  source:
    'Documentation/process/submitting-patches.rst: the kernel builds and runs properly after each patch in the series.',
  why: 'git bisect lands on any commit: one that is broken for its own reasons sends the search the wrong way.',
  example: "A helper's loop variable is wrong in patch 3 and put right in patch 4.",
  limits: 'Says no more than the other promises do for the source after each patch.',
  severity: 'bug',
  appliesTo: () => true,
};
