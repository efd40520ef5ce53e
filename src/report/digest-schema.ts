// SPDX-License-Identifier: GPL-2.0-only

import { z } from 'zod';
import { Finding, Verdict } from './review-schema.ts';

/**
 * A digest of a list as plain data: what `rewalk digest --format json` prints and what every other format shows.
 * docs/digest.md says it in words. Dates are RFC 3339 in UTC; patch 0 is the cover letter.
 */

/** Raised when a field changes its meaning or goes; a new field does not raise it. */
export const DIGEST_FORMAT = 2;

const Mail = z.object({ messageId: z.string().optional(), date: z.string().optional() });

const DigestVersion = z.object({
  label: z.string(),
  ...Mail.shape,
  /** Patches that were read, and how many there should be. */
  patches: z.number().int(),
  total: z.number().int(),
});

const Question = z.object({
  by: z.string(),
  ...Mail.shape,
  patch: z.number().int().optional(),
  file: z.string().optional(),
  line: z.number().int().optional(),
  function: z.string().optional(),
  text: z.string(),
});

const Given = z.object({ key: z.string(), value: z.string(), patch: z.number().int() });

const Claim = z.object({
  patch: z.number().int(),
  text: z.string(),
  /** Time before / time after, as the mail says. Null where it gives none. */
  claimed: z.number().nullable(),
  /** The same by the model. Null where it was not measured. */
  modelled: z.number().nullable(),
  outcome: z.enum(['agrees', 'less', 'more', 'differs', 'not-checked']),
  /** Why it was not checked. */
  reason: z.string().optional(),
});

const Row = z.object({
  invariant: z.string(),
  severity: Finding.shape.severity,
  /** One for each column. */
  cells: z
    .array(
      z.object({
        verdict: z.enum([...Verdict.options, 'not-run']),
        /** As the matrix of `rewalk review` has it: `ok`, `✗ 4`, `=`. */
        mark: z.string(),
      }),
    )
    .readonly(),
});

const Ran = z.object({
  /** False where the time ran out, or something could not be run: what is not said is not success. */
  complete: z.boolean(),
  tree: z.string(),
  machines: z.array(z.string()).readonly(),
  /** States that were run, of how many. */
  states: z.object({ done: z.number().int(), total: z.number().int() }),
  columns: z.array(z.string()).readonly(),
  rows: z.array(Row).readonly(),
  /** What counts against the series in its latest version, the gravest first. */
  findings: z.array(Finding).readonly(),
  /** What each patch of the latest version changes in what the kernel does, beside findings. */
  changes: z
    .array(
      z.object({
        patch: z.number().int(),
        /** Scenarios in which something differs. */
        differing: z.number().int(),
        text: z.string(),
      }),
    )
    .readonly(),
  /** How many findings older versions had that the latest does not have. */
  fixed: z.number().int(),
  /** What was not run, one sentence each. */
  notRun: z.array(z.string()).readonly(),
  /** The page table before and after the first finding, drawn in text. */
  drawing: z.string().optional(),
});

const Skipped = z.object({
  /** Why nothing was run, in a sentence. */
  skipped: z.string(),
  /** `cannot-be-run`: it touches what is modelled, and its patches do not apply, or something else is wrong. */
  kind: z.enum(['no-patch', 'not-modelled', 'no-tree', 'no-time', 'cannot-be-run']),
});

/** Since the version before, as `rewalk diff` compares them. */
const Changes = z.object({
  from: z.string(),
  to: z.string(),
  patches: z
    .array(
      z.object({
        /** `message`: only the words differ. */
        outcome: z.enum(['same', 'message', 'changed', 'added', 'dropped']),
        subject: z.string(),
        /** Number in the older version, and in the newer one. */
        before: z.number().int().optional(),
        after: z.number().int().optional(),
        squashedInto: z.number().int().optional(),
        splitFrom: z.number().int().optional(),
      }),
    )
    .readonly(),
  /** What the newer version's changelogs say of it, and whether the patches show that. */
  stated: z
    .array(
      z.object({
        patch: z.number().int(),
        text: z.string(),
        verdict: z.enum(['seen', 'not-seen', 'cannot-be-told']),
        /** What the verdict rests on, a sentence for each thing that is named. */
        reasons: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** Functions that differ and that no changelog names. */
  unmentioned: z
    .array(
      z.object({
        name: z.string(),
        change: z.enum(['added', 'removed', 'renamed', 'modified']),
        file: z.string(),
        line: z.number().int().optional(),
        /** Patches of the newer version that change it. */
        patches: z.array(z.number().int()).readonly(),
        /** A changelog names one of these patches, though not the function. */
        patchNamed: z.boolean(),
      }),
    )
    .readonly(),
  /** `tree`: functions were compared whole; `hunks`: only the lines that patches show. */
  basis: z.enum(['tree', 'hunks']),
});

export const DigestEntry = z.object({
  /** Message id of the latest version's first mail; names the series in links. */
  id: z.string(),
  title: z.string(),
  author: z.string(),
  latest: DigestVersion,
  /** Older ones, newest first. */
  earlier: z.array(DigestVersion).readonly(),
  /** What came in the period and was not reported before. */
  news: z.object({
    versions: z.array(z.string()).readonly(),
    replies: z.number().int(),
    people: z.array(z.string()).readonly(),
    /** Of the newest mail. */
    date: z.string().optional(),
  }),
  /** Null where there is no version before. */
  changes: Changes.nullable(),
  state: z.object({
    questions: z.array(Question).readonly(),
    answered: z.number().int(),
    gained: z.array(Given).readonly(),
    dropped: z.array(Given).readonly(),
    /** Patches with a Reviewed-by or Acked-by. */
    vouched: z.number().int(),
    waits: z.object({
      for: z.enum(['author', 'reviewers', 'maintainer']),
      who: z.array(z.string()).readonly(),
      why: z.string(),
      since: z.string().optional(),
    }),
  }),
  claims: z.array(Claim).readonly(),
  /** What running it showed; or why nothing was run. */
  run: z.union([Ran, Skipped]),
  /** What puts it where it stands in the digest, the weightiest first. */
  attention: z.array(z.string()).readonly(),
});

export const Digest = z.object({
  format: z.literal(DIGEST_FORMAT),
  /** What was read, as named on the command line. */
  sources: z.array(z.string()).readonly(),
  /** Left out where the period is open at that end. */
  since: z.string().optional(),
  until: z.string().optional(),
  tree: z.string().nullable(),
  /** In the order of what needs attention. */
  series: z.array(DigestEntry).readonly(),
  /** Mails that were read, and series with nothing new. */
  mails: z.number().int(),
  quiet: z.number().int(),
  diagnostics: z.number().int(),
});

export type Digest = z.infer<typeof Digest>;
export type DigestEntry = z.infer<typeof DigestEntry>;
export type DigestChanges = z.infer<typeof Changes>;
export type DigestRun = z.infer<typeof Ran>;
export type DigestSkipped = z.infer<typeof Skipped>;
export type DigestClaim = z.infer<typeof Claim>;
