// SPDX-License-Identifier: GPL-2.0-only

import { z } from 'zod';
import { behaviourKinds } from '../trace/behaviour.ts';

/**
 * One review as plain data: what `rewalk review --json` prints and what every face shows. docs/review-json.md says
 * it in words. Line numbers, patch numbers and versions are 1-based; version 0, patch 0 is the tree before the series.
 */

/** Raised when a field changes its meaning or goes; a new field does not raise it. */
export const REVIEW_FORMAT = 1;

export const Verdict = z.enum(['holds', 'violated', 'not-reached', 'not-modelled']);

const Severity = z.enum(['bug', 'risk', 'cost']);

/**
 * `pre-existing`: the tree before the series has it too; `fixed-later`: a later version of the series does not have
 * it; `introduced`: the series brought it and it is still there in its latest version.
 */
const Status = z.enum(['introduced', 'pre-existing', 'fixed-later']);

/** Where a bound function comes from, in the order in which the linker looks. */
export const Origin = z.enum(['patched', 'widened', 'tree', 'model', 'ignored', 'not-modelled']);

/** A state of the source: the tree after the first patches of a version. */
export const State = z.object({
  version: z.number().int(),
  /** `v4`, or longer where two postings bear one number; `base` for the tree before the series. */
  label: z.string(),
  /** How many patches are applied. */
  patch: z.number().int(),
});

const DefinedElsewhere = z.object({
  name: z.string(),
  /** The first machine of the architecture: `--machine` with it runs the architecture's own. */
  machine: z.string(),
});
export type DefinedElsewhere = z.infer<typeof DefinedElsewhere>;

export const ReviewedPatch = z.object({
  patch: z.number().int(),
  subject: z.string(),
  author: z.string().optional(),
  messageId: z.string().optional(),
  commit: z.string().optional(),
  /** False where the patch, or one before it, is missing or does not apply: nothing was run from there on. */
  applied: z.boolean(),
  /** False where the patch leaves every file that is run as it was. */
  relevant: z.boolean(),
  /** Files that it changes and that are not run on these machines, prose apart. */
  notRun: z.array(z.string()).readonly().optional(),
  /** Functions that it moves out of the files that are run, and where to. */
  moved: z
    .array(z.object({ name: z.string(), to: z.string() }))
    .readonly()
    .optional(),
  /** Options that its added or removed lines ask for and that none of the machines has set. */
  unset: z.array(z.string()).readonly().optional(),
  /** Options that it brings and that count as set, by their default or because the architecture selects them. */
  countedAsSet: z.array(z.string()).readonly().optional(),
  /** What its changed lines name and only architectures define for themselves that were not reviewed. */
  definedElsewhere: z.array(DefinedElsewhere).readonly().optional(),
});

const ReviewedVersion = z.object({
  version: z.number().int(),
  label: z.string(),
  title: z.string(),
  date: z.string().optional(),
  /** How many patches the version should have. */
  total: z.number().int(),
  patches: z.array(ReviewedPatch).readonly(),
});

export const ReviewedSeries = z.object({
  title: z.string(),
  author: z.string().optional(),
  /** As given on the command line. */
  sources: z.array(z.string()).readonly(),
  /** Which series of the sources, as given. */
  pick: z.string().optional(),
  /** Oldest first. */
  versions: z.array(ReviewedVersion).readonly(),
});

const ReviewedInvariant = z.object({
  id: z.string(),
  title: z.string(),
  promise: z.string(),
  severity: Severity,
});

export const MatrixCell = z.object({
  ...State.shape,
  invariant: z.string(),
  machine: z.string(),
  verdict: Verdict,
  /** How often the promise was really put to the test. */
  exercised: z.number().int(),
  /** How often it was broken. */
  violated: z.number().int(),
  /** Why there is no verdict. */
  reason: z.string().optional(),
});

const SourcePlace = z.object({
  file: z.string(),
  line: z.number().int(),
  function: z.string(),
});

const StackFrame = z.object({
  function: z.string(),
  /** Left out for the model's own functions. */
  file: z.string().optional(),
  line: z.number().int().optional(),
});

/** Functions that a patch changes and that a scenario runs. */
const Changed = z.object({
  /** They led to the place: then it is the innermost one, at the line of its call. Else all of them, where they begin. */
  onStack: z.boolean(),
  functions: z.array(SourcePlace).readonly(),
});

export const Finding = z.object({
  /** Unique in a review, and the same when the review is run again. */
  id: z.string(),
  /** The same for the same defect in every version that has it. */
  defect: z.string(),
  /** The finding of the same patch that goes before this one in every scenario, or begins with the same event. */
  follows: z.string().optional(),
  invariant: z.string(),
  /** For `bisect`: the promises that are broken in the middle of the series. */
  breaks: z.array(z.string()).readonly().optional(),
  severity: Severity,
  ...State.shape,
  /** Subject of the patch. */
  subject: z.string().optional(),
  status: Status,
  /** The first later version that does not have it. */
  fixedIn: z.object({ version: z.number().int(), label: z.string() }).optional(),
  /** The patch of the same version that does away with it. */
  repairedBy: z.number().int().optional(),
  /** Whether the scenario fails on the tree before the series as well. */
  inBase: z.boolean(),
  /** The machine of `replay`, `expected` and `seen`. */
  machine: z.string(),
  /** All machines that show it. */
  machines: z.array(z.string()).readonly(),
  where: SourcePlace,
  /**
   * The same line after the last patch of the latest version; left out where it has changed or gone by then, and for
   * findings of other versions.
   */
  atTip: z.object({ file: z.string(), line: z.number().int() }).optional(),
  /** The text of that line. */
  code: z.string().optional(),
  /** Where the patch does not change the function of `where`: what it does change of what the scenario runs. */
  changed: Changed.optional(),
  /** Innermost first. */
  stack: z.array(StackFrame).readonly(),
  /** Scenarios that show it, over all machines. */
  count: z.number().int(),
  /** The smallest one. */
  scenario: z.string(),
  /** The call that is made behind all of the scenario's own, where that shows it. */
  atEnd: z.enum(['vm_unmap_aliases', 'flush_scheduled_work']).optional(),
  /** A command line that runs it again. */
  replay: z.string(),
  expected: z.string(),
  seen: z.string(),
  /** Address at which it shows, in hex. */
  addr: z.string().optional(),
});

const CoveredFunction = z.object({
  name: z.string(),
  origin: Origin,
  reason: z.string().optional(),
});

/** How many functions came from where, for one state on one machine. */
export const Coverage = z.object({
  ...State.shape,
  machine: z.string(),
  counts: z.record(Origin, z.number().int()),
  /** For the tree before the series and the last patch of each version. */
  functions: z.array(CoveredFunction).readonly().optional(),
  scenarios: z.number().int(),
});

/** Something that scenarios ran into and that rewalk does not model. */
export const NotModelled = z.object({
  reason: z.string(),
  /** Scenarios that ended there, in the state and on the machine that has most. */
  count: z.number().int(),
  machines: z.array(z.string()).readonly(),
  /** States as `v4/6`, `base`. */
  states: z.array(z.string()).readonly(),
});

const TimedOut = z.object({ ...State.shape, machine: z.string(), reason: z.string() });

const UnexecutedLine = z.object({
  file: z.string(),
  line: z.number().int(),
  function: z.string(),
  text: z.string(),
});

/** What was executed of the lines that a patch adds; only lines that do something by themselves count. */
const ExercisedPatch = z.object({
  ...State.shape,
  /** How many some scenario executed, on some machine. */
  executed: z.number().int(),
  /** Those that none did, in the file as it is behind the patch: what a green cell says nothing about. */
  missed: z.array(UnexecutedLine).readonly(),
  /** Lines that the patch takes away and none executed, in the file as it is before the patch; where there are any. */
  gone: z.array(UnexecutedLine).readonly().optional(),
});

/** One respect in which scenarios do otherwise after a patch than before it. */
const BehaviourChange = z.object({
  kind: z.enum(behaviourKinds),
  /** Scenarios in which it differs. */
  count: z.number().int(),
  /** Those in which callers or the hardware can tell: what a patch that “changes nothing” may not do. */
  visible: z.number().int(),
  /** The first call of the smallest of them that differs. */
  call: z.string(),
  /** That call is made behind all of the scenario's own. */
  atEnd: z.literal(true).optional(),
  /** What only one side did, in words; '' where that is nothing, or too long to be told. */
  before: z.string(),
  after: z.string(),
  scenario: z.string(),
  /** A command line that runs it behind the patch. */
  replay: z.string(),
});

/** What a patch changes in what the kernel does, on one machine, against the patch before it or the tree. */
const PatchChanges = z.object({
  ...State.shape,
  machine: z.string(),
  /** Scenarios that ran on both sides, without meeting anything that is not modelled. */
  compared: z.number().int(),
  /** The patch changes nothing that this machine runs. */
  sameSource: z.boolean(),
  /** Those of them in which anything differs. */
  differing: z.number().int(),
  /** Those in which callers or the hardware can tell. */
  visible: z.number().int(),
  changes: z.array(BehaviourChange).readonly(),
});

const ReviewDiagnostic = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  where: z
    .object({ file: z.string(), line: z.number().int().optional(), column: z.number().int().optional() })
    .optional(),
  hint: z.string().optional(),
});

export const Review = z.object({
  format: z.literal(REVIEW_FORMAT),
  tree: z.object({ title: z.string() }),
  /** Null where a tree is reviewed by itself. */
  series: ReviewedSeries.nullable(),
  mode: z.enum(['patched', 'from-tree']),
  machines: z.array(z.object({ name: z.string(), title: z.string() })).readonly(),
  invariants: z.array(ReviewedInvariant).readonly(),
  matrix: z.array(MatrixCell).readonly(),
  findings: z.array(Finding).readonly(),
  coverage: z.array(Coverage).readonly(),
  exercised: z.array(ExercisedPatch).readonly(),
  /** Information, no finding. */
  changes: z.array(PatchChanges).readonly(),
  notModelled: z.array(NotModelled).readonly(),
  timedOut: z.array(TimedOut).readonly(),
  diagnostics: z.array(ReviewDiagnostic).readonly(),
  scenarios: z.object({
    /** Asked for on each state and machine. */
    requested: z.number().int(),
    /** Judged in all; where all that a scenario executes is as in another state, the run there counts (docs/decisions/0007). */
    run: z.number().int(),
    /** Ended before their verdict: not modelled. */
    notModelled: z.number().int(),
    /** Different states that were run, machines apart. */
    jobs: z.number().int(),
  }),
  seed: z.number().int(),
});

export type Verdict = z.infer<typeof Verdict>;
export type Status = z.infer<typeof Status>;
export type Origin = z.infer<typeof Origin>;
export type State = z.infer<typeof State>;
export type ReviewedPatch = z.infer<typeof ReviewedPatch>;
export type ReviewedVersion = z.infer<typeof ReviewedVersion>;
export type ReviewedSeries = z.infer<typeof ReviewedSeries>;
export type MatrixCell = z.infer<typeof MatrixCell>;
export type Finding = z.infer<typeof Finding>;
export type Coverage = z.infer<typeof Coverage>;
export type NotModelled = z.infer<typeof NotModelled>;
export type Review = z.infer<typeof Review>;
export type ExercisedPatch = z.infer<typeof ExercisedPatch>;
export type BehaviourChange = z.infer<typeof BehaviourChange>;
export type PatchChanges = z.infer<typeof PatchChanges>;
