// SPDX-License-Identifier: GPL-2.0-only
import type { Invariant } from '../invariant.ts';

/** Judged by the review across the patches of a series: no single trace can tell. */
export const claimNoChange: Invariant = {
  id: 'claim/no-change',
  title: 'what is said to change nothing does not',
  promise:
    'A patch whose message says that it makes no functional change leaves alone what calls return, the areas and translations that they make, what they flush and what they warn of.',
  source:
    'Documentation/process/submitting-patches.rst: describe your changes, with what a patch does and its impact that users see.',
  why: 'Reviewers read such a patch for equivalence only, it goes to stable trees as a prerequisite, and nobody looks there for a regression.',
  example:
    'A helper is factored out “with no functional change”, and the order of its two checks swapped: another error comes back.',
  limits:
    'Compares scenarios before and after the patch. A statement with a condition (“except”, “on x86”, “for now”) is not held against the patch. Locks, allocations, the choice of addresses and the order of events may differ.',
  severity: 'risk',
  appliesTo: () => true,
};
