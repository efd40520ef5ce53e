// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from './review-schema.ts';

/** A finding with everything that shows why it is one. */
export interface Explanation {
  readonly finding: Finding;
  readonly tree: string;
  readonly promise: string;
  readonly why: string;
  readonly source: string;
  /** What happened, event by event, as far as it matters; the one that broke the promise is marked. */
  readonly events: readonly { readonly text: string; readonly guilty: boolean }[];
  readonly expected: string;
  readonly seen: string;
  /** Innermost first. */
  readonly stack: readonly ExplainedFrame[];
  /** The page table around the address, before and after. */
  readonly drawing?: string;
  /** Left out where the patch changes nothing near the call stack. */
  readonly hunk?: ExplainedHunk;
}

export interface ExplainedFrame {
  readonly function: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** Lines of the source around it, as the patch leaves them. */
  readonly code: readonly SourceLine[];
}

export interface SourceLine {
  readonly line: number;
  readonly text: string;
  /** The line that the frame is at. */
  readonly here: boolean;
}

export interface ExplainedHunk {
  /** 1-based. */
  readonly patch: number;
  readonly subject: string;
  readonly file: string;
  /** The head of the hunk, `@@ … @@`. */
  readonly head: string;
  readonly lines: readonly {
    readonly kind: 'context' | 'added' | 'removed';
    readonly text: string;
    readonly here: boolean;
  }[];
  readonly reason: HunkReason;
}

/**
 * Why a hunk is shown, the surest first. `line`: it changes a line of the call stack. `removed`, `added`: it takes away, or
 * brings, the line with which the run first differs from the one before the patch. `diverges`: it changes the function in which
 * that happens. `near`: it stands around a line of the call stack. `way`: it changes a function of the call stack.
 */
export type HunkReason = 'line' | 'removed' | 'added' | 'diverges' | 'near' | 'way';
