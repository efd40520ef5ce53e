// SPDX-License-Identifier: GPL-2.0-only

import { z } from 'zod';

/**
 * A patch series in all its versions, as plain data. What mail says is kept as written; what was computed from the
 * patches has its own fields. Line numbers are 1-based. A field that a source did not give is left out.
 */

const Place = z.object({
  /** A path as the user gave it, or `<message-id>`. */
  file: z.string(),
  line: z.number().int().optional(),
});

export const Person = z.object({
  name: z.string(),
  /** Empty where the source hides it. */
  address: z.string(),
});

export const Trailer = z.object({
  key: z.string(),
  value: z.string(),
});

const DiffstatEntry = z.object({
  path: z.string(),
  /** Counts of lines. A stated diffstat gives only their sum for each file. */
  added: z.number().int().optional(),
  removed: z.number().int().optional(),
  changed: z.number().int(),
});

export const Diffstat = z.object({
  files: z.array(DiffstatEntry).readonly(),
  added: z.number().int(),
  removed: z.number().int(),
});

const HunkLine = z.object({
  kind: z.enum(['context', 'added', 'removed']),
  text: z.string(),
  /** True if no newline ends the line in the file. */
  unterminated: z.boolean(),
});

export const Hunk = z.object({
  oldStart: z.number().int(),
  oldCount: z.number().int(),
  newStart: z.number().int(),
  newCount: z.number().int(),
  section: z.string(),
  lines: z.array(HunkLine).readonly(),
  /** Line of the hunk's head in the message. */
  line: z.number().int(),
  /** False if it has fewer or more lines than its head counts. */
  complete: z.boolean(),
});

export const ChangedFile = z.object({
  change: z.enum(['modify', 'add', 'delete', 'rename', 'copy']),
  oldPath: z.string().optional(),
  newPath: z.string().optional(),
  oldMode: z.string().optional(),
  newMode: z.string().optional(),
  binary: z.boolean(),
  hunks: z.array(Hunk).readonly(),
  added: z.number().int(),
  removed: z.number().int(),
  line: z.number().int(),
});

const LineRange = z.object({ startLine: z.number().int(), endLine: z.number().int() });

export const FunctionChange = z.object({
  change: z.enum(['added', 'removed', 'renamed', 'modified']),
  kind: z.enum(['function', 'macro', 'struct', 'union', 'enum', 'typedef', 'variable']),
  name: z.string(),
  /** The name before, if the change is a renaming. */
  previousName: z.string().optional(),
  file: z.string(),
  /** Whether what stands before the body differs: the return type, the name, the parameters. */
  signatureChanged: z.boolean(),
  /** Where it stands in the file before and after the patch; left out where only hunks are known. */
  before: LineRange.optional(),
  after: LineRange.optional(),
  /** `tree`: from the whole files before and after. `hunks`: from the patch's own lines, as far as they go. */
  basis: z.enum(['tree', 'hunks']),
});

export const ChangelogEntry = z.object({
  /** Version numbers: what changed between which. */
  from: z.number().int(),
  to: z.number().int(),
  text: z.string(),
  /** The patches that the entry names, 1-based. */
  patches: z.array(z.number().int()).readonly(),
  /** Names in parentheses: who asked for it. */
  credits: z.array(z.string()).readonly(),
  line: z.number().int(),
});

/** What a message claims about speed or size. Words are the message's own; a field that it does not give is left out. */
export const PerformanceClaim = z.object({
  /** The sentence, or the table's row or column with bars between its cells, in one line. */
  text: z.string(),
  /** Of the figures, or of the table. */
  line: z.number().int(),
  table: z.boolean(),
  /** The sentence that leads to a list or table of claims. */
  lead: z.string().optional(),
  /** What was run. */
  workload: z.string().optional(),
  /** Which quantity, where the sentence names one: `dTLB misses`. */
  measure: z.string().optional(),
  /** What it was run on. */
  machine: z.string().optional(),
  /** ns, us, ms, s, cycles, bytes, KB, MB, GB, KB/s, MB/s, GB/s or ops/s. */
  unit: z.string().optional(),
  /** What one figure is for: `map+touch+unmap`. */
  per: z.string().optional(),
  before: z.number().optional(),
  after: z.number().optional(),
  /** before / after, computed, to four digits. */
  ratio: z.number().optional(),
  /** As stated: 8.3 of `8.3x faster`. */
  factor: z.number().optional(),
  /** As stated, with its sign if it has one. */
  percent: z.number().optional(),
});

export const CoverLetter = z.object({
  subject: z.string(),
  author: Person.optional(),
  date: z.string().optional(),
  messageId: z.string().optional(),
  inReplyTo: z.string().optional(),
  body: z.string(),
  place: Place,
  changelog: z.array(ChangelogEntry).readonly(),
  claims: z.array(PerformanceClaim).readonly(),
  trailers: z.array(Trailer).readonly(),
  statedDiffstat: Diffstat.optional(),
});

export const Patch = z.object({
  /** 1-based. */
  index: z.number().int(),
  /** How many patches the subject says there are; left out if it says nothing. */
  total: z.number().int().optional(),
  /** Without the part in brackets. */
  subject: z.string(),
  author: Person.optional(),
  /** Who sent it, if not the author. */
  sender: Person.optional(),
  /** RFC 3339, UTC: when it was sent. */
  date: z.string().optional(),
  /** When the commit was made, where the body says so. */
  authorDate: z.string().optional(),
  messageId: z.string().optional(),
  inReplyTo: z.string().optional(),
  commit: z.string().optional(),
  /** The commit message without its subject, trailers included. */
  message: z.string(),
  /** What stands between the commit message and the patch. */
  notes: z.string(),
  trailers: z.array(Trailer).readonly(),
  changelog: z.array(ChangelogEntry).readonly(),
  claims: z.array(PerformanceClaim).readonly(),
  statedDiffstat: Diffstat.optional(),
  diffstat: Diffstat,
  files: z.array(ChangedFile).readonly(),
  functions: z.array(FunctionChange).readonly(),
  place: Place,
  /** Where the body begins, from which the lines of hunks are counted; its file is `<message-id>` if the body was encoded. */
  bodyPlace: Place,
  /** The version that this patch was taken over from, where only some patches were posted anew. */
  carriedFrom: z.number().int().optional(),
});

export const Reply = z.object({
  messageId: z.string().optional(),
  inReplyTo: z.string().optional(),
  author: Person.optional(),
  date: z.string().optional(),
  subject: z.string(),
  /** The patch under which it stands; 0 is the cover letter. Left out if it cannot be told. */
  toPatch: z.number().int().optional(),
  trailers: z.array(Trailer).readonly(),
  /** Claims in what it quotes, where the quoted mail itself was not read. */
  quotedClaims: z.array(PerformanceClaim).readonly(),
  body: z.string(),
  place: Place,
  /** Where the body begins. */
  bodyPlace: Place,
});

/** An answer of the series' author to a question: whether it quotes the question, and where it stands. */
const Answer = z.object({
  messageId: z.string().optional(),
  author: Person.optional(),
  quotes: z.boolean(),
  place: Place,
});

/** What became of the lines that a comment is about, in the next version. */
const CommentedLines = z.object({
  /** Label of the next version. */
  version: z.string(),
  outcome: z.enum(['changed', 'same', 'cannot-be-told']),
  /** What the patch became there. */
  patch: z.number().int().optional(),
  /** How many lines are looked for, and how many of them stand there as they were. */
  lines: z.number().int(),
  kept: z.number().int(),
});

/** A changelog entry of the next version that speaks of a comment: it names the reviewer, or the function. */
const Credit = z.object({
  version: z.string(),
  /** The mail with the changelog; 0 is the cover letter. */
  patch: z.number().int(),
  line: z.number().int(),
  text: z.string(),
  by: z.array(z.enum(['reviewer', 'function'])).readonly(),
});

/** What someone says to a part of a patch, tied to the lines that they quote. */
export const ReviewComment = z.object({
  messageId: z.string().optional(),
  author: Person.optional(),
  /** The author of the series says it: an answer, or a note to their own patch. */
  byAuthor: z.boolean(),
  date: z.string().optional(),
  /** Label of the version. */
  version: z.string(),
  /** 0 is the cover letter; left out where it cannot be told. */
  patch: z.number().int().optional(),
  /** The part of the mail that is quoted; left out where nothing is, or the place cannot be told. */
  part: z.enum(['message', 'patch']).optional(),
  file: z.string().optional(),
  /** Line in the file after the patch; before it if the quoted line is removed (`side`). */
  line: z.number().int().optional(),
  side: z.enum(['old', 'new']).optional(),
  function: z.string().optional(),
  /** The last quoted line that is the patch's, or the last quoted line. */
  quote: z.string().optional(),
  text: z.string(),
  /** Where the comment begins. */
  place: Place,
  /** A sentence of it ends in a question mark. */
  question: z.boolean(),
  /** For questions of others: left out if no later mail of the author's stands below it in the thread. */
  answeredBy: Answer.optional(),
  /** Left out where there is no next version. */
  changedInNext: CommentedLines.optional(),
  creditedIn: z.array(Credit).readonly().optional(),
});

export const Duplicate = z.object({
  index: z.number().int(),
  messageId: z.string().optional(),
  place: Place,
});

export const SeriesVersion = z.object({
  version: z.number().int(),
  /** `v4`, or longer where two postings bear the same number: `v4-resend`, `v1-rfc`. */
  label: z.string(),
  /** What stands in the subject's brackets, without version and count: `RFC PATCH mm-unstable`. */
  prefix: z.string(),
  rfc: z.boolean(),
  resend: z.boolean(),
  date: z.string().optional(),
  /** The commit that it is said to apply to, as `git format-patch --base` writes it. */
  baseCommit: z.string().optional(),
  cover: CoverLetter.optional(),
  /** In order of their index. */
  patches: z.array(Patch).readonly(),
  /** How many patches there should be. */
  total: z.number().int(),
  missing: z.array(z.number().int()).readonly(),
  duplicates: z.array(Duplicate).readonly(),
  replies: z.array(Reply).readonly(),
  /** What replies say, part by part, in the order of the replies. */
  comments: z.array(ReviewComment).readonly(),
});

export const TrailerFate = z.object({
  key: z.string(),
  value: z.string(),
  /** Label of the version to which it was given, and the patch there. */
  version: z.string(),
  patch: z.number().int(),
  /** Where it stands: in the patch itself, or in a reply. */
  given: z.enum(['patch', 'reply']),
  /** Label of the next version. */
  next: z.string(),
  outcome: z.enum(['carried', 'dropped', 'patch-gone']),
  /** What the patch became there. */
  nextPatch: z.number().int().optional(),
});

export const Series = z.object({
  title: z.string(),
  author: Person.optional(),
  changeId: z.string().optional(),
  /** Oldest first. */
  versions: z.array(SeriesVersion).readonly(),
  /** What became, from version to version, of the trailers that people gave. */
  trailerFates: z.array(TrailerFate).readonly(),
});

export type Person = z.infer<typeof Person>;
export type Trailer = z.infer<typeof Trailer>;
export type Diffstat = z.infer<typeof Diffstat>;
export type ChangedFile = z.infer<typeof ChangedFile>;
export type Hunk = z.infer<typeof Hunk>;
export type FunctionChange = z.infer<typeof FunctionChange>;
export type ChangelogEntry = z.infer<typeof ChangelogEntry>;
export type PerformanceClaim = z.infer<typeof PerformanceClaim>;
export type CoverLetter = z.infer<typeof CoverLetter>;
export type Patch = z.infer<typeof Patch>;
export type Reply = z.infer<typeof Reply>;
export type ReviewComment = z.infer<typeof ReviewComment>;
export type Duplicate = z.infer<typeof Duplicate>;
export type TrailerFate = z.infer<typeof TrailerFate>;
export type SeriesVersion = z.infer<typeof SeriesVersion>;
export type Series = z.infer<typeof Series>;
