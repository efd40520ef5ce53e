// SPDX-License-Identifier: GPL-2.0-only

import type { DiffLine } from './line-diff.ts';
import type { FunctionChange } from './series.ts';

/** What differs between two versions of a series. Patch numbers are 1-based, lines too. */
export interface VersionDiff {
  readonly title: string;
  /** Labels: `v3`, `v4`. */
  readonly from: string;
  readonly to: string;
  /** In the order of the newer version, patches that are gone where they stood. */
  readonly patches: readonly PatchOutcome[];
  readonly moves: readonly MovedLines[];
  readonly functions: readonly FunctionDiff[];
  /** Functions that are the same after the last patch, and that patches on the way change otherwise than before. */
  readonly onTheWay: readonly OnTheWay[];
  readonly entries: readonly CheckedEntry[];
  /** Functions that differ and that no changelog entry names. */
  readonly unmentioned: readonly UnmentionedChange[];
  readonly names: readonly UnknownName[];
}

/** What became of one patch. */
export interface PatchOutcome {
  readonly before?: number;
  readonly after?: number;
  /** In the newer version, or in the older one if it is gone. */
  readonly subject: string;
  /** `same`: its lines and its message; `message`: only the words differ. */
  readonly outcome: 'same' | 'message' | 'changed' | 'added' | 'dropped';
  /** The subject before, if it differs. */
  readonly previousSubject?: string;
  /** Patches of the newer version that most of a dropped patch's lines went to. */
  readonly squashedInto?: number;
  /** The patch of the older version that most of an added patch's lines come from. */
  readonly splitFrom?: number;
}

/** Added lines that stand in another patch than the one that its patch became. */
export interface MovedLines {
  readonly before: number;
  readonly after: number;
  readonly lines: number;
  /** Functions that they lie in, as far as hunks show them. */
  readonly functions: readonly string[];
}

/** A function, macro, struct or variable that differs between the two versions' sources. */
export interface FunctionDiff {
  readonly change: FunctionChange['change'];
  readonly kind: FunctionChange['kind'];
  readonly name: string;
  readonly previousName?: string;
  readonly file: string;
  /** In the source after the newer version's last patch; left out where only hunks are known, and if it is gone. */
  readonly line?: number;
  /** Patches that change it, in each version. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Its text before against after. With `hunks`, only lines that the patches change, with their marks. */
  readonly lines: readonly DiffLine[];
  readonly basis: 'tree' | 'hunks';
}

export interface OnTheWay {
  readonly name: string;
  readonly file: string;
  /** Patches of the newer version whose lines in the function differ from those of the patch that they were. */
  readonly after: readonly number[];
}

/** Something that a changelog entry names, and whether the comparison shows it. */
export interface NamedThing {
  readonly kind: 'function' | 'patch' | 'file' | 'person';
  readonly name: string;
  readonly verdict: Verdict;
  /** What the verdict rests on: `mm/vmalloc.c:120 changed`, `patch 5 is as before`. */
  readonly reason: string;
}

export type Verdict = 'seen' | 'not-seen' | 'cannot-be-told';

export interface CheckedEntry {
  readonly text: string;
  /** The newer version's mail that has it, 0 for the cover letter, and the line. */
  readonly patch: number;
  readonly line: number;
  readonly verdict: Verdict;
  readonly named: readonly NamedThing[];
}

export interface UnmentionedChange {
  readonly name: string;
  readonly change: FunctionChange['change'];
  readonly file: string;
  readonly line?: number;
  readonly after: readonly number[];
  /** An entry names a patch that changes it, though not it. */
  readonly patchNamed: boolean;
}

/** A function that a commit message names and that is in none of the files that the series changes. */
export interface UnknownName {
  readonly patch: number;
  readonly name: string;
}
