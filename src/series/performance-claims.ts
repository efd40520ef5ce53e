// SPDX-License-Identifier: GPL-2.0-only

import { claimBlocks } from './claim-blocks.ts';
import { unitName } from './claim-figures.ts';
import { findMachines } from './claim-machine.ts';
import { sentenceClaims } from './claim-sentences.ts';
import { tableClaims } from './claim-tables.ts';
import type { PerformanceClaim, SeriesVersion } from './series.ts';

/** Words of a paragraph that says how something was measured. */
const MEASURES = /\b(?:measure|benchmark|test|result)/i;

/** A claim and the message that makes it. */
export interface PlacedClaim {
  /** 0 is the cover letter. */
  readonly patch: number;
  readonly messageId: string | undefined;
  /** The claim stands in what a reply quotes; the mail itself was not read. */
  readonly quotedByReply: boolean;
  readonly claim: PerformanceClaim;
}

/**
 * Reads what a message claims about speed or size: `8.3x faster (1235 us -> 149 us)`, `from 45600 to 6500`, `by 5%`,
 * and tables that set before against after. Each claim has its figures as stated (`before`, `after`, `factor`,
 * `percent`), the computed `ratio` (before / after; above 1 means that the figure went down), and where the message
 * says so, in its own words, `unit`, `workload`, `measure` and `machine`. Nothing is filled in: a field that the
 * message does not give is left out. `firstLine` is the number of the text's first line.
 *
 * The claims of a whole version, with their messages: `claimsOfVersion`.
 */
export function readPerformanceClaims(text: string, firstLine: number): PerformanceClaim[] {
  const claims: PerformanceClaim[] = [];
  let machine: string | undefined;
  let unit: string | undefined;
  let per: string | undefined;
  let lead: string | undefined;
  for (const block of claimBlocks(text, firstLine)) {
    if (block.table !== undefined) {
      claims.push(...tableClaims(block, { lead, machine, unit, per }));
      continue;
    }
    const said = unitSaid(block.text);
    if (said !== undefined) ({ unit, per } = said);
    const found = sentenceClaims(block, { lead, machine, unit, per });
    claims.push(...found);
    const measures =
      found.length > 0 || said !== undefined || block.text.endsWith(':') || MEASURES.test(block.text);
    if (measures) machine = findMachines(block.text).at(-1)?.phrase ?? machine;
    const last =
      block.text
        .split(/(?<=[.;]) (?=[A-Z])/)
        .at(-1)
        ?.trim() ?? '';
    if (found.length === 0) lead = /[:.]$/.test(last) && last.length <= 400 ? last : undefined;
  }
  return claims;
}

/** `Results are in nanoseconds per map+touch+unmap`, `ns for each`: what the figures that follow are in. */
function unitSaid(text: string): { unit: string; per: string | undefined } | undefined {
  const match =
    /\bin ([a-zµμ]{1,14}(?:\/s)?)(?: (?:per|for each) ?([\w+/ -]{0,60}))?(?=[.,;:)]|$)/i.exec(text) ??
    /(?:^|[.,;:(] )([a-zµμ]{1,14}) (?:per|for each) ?([\w+/ -]{0,60})(?=[.,;:)]|$)/i.exec(text);
  const unit = unitName(match?.[1]);
  if (unit === undefined || unit === 's') return undefined;
  const per = match?.[2]?.trim();
  return { unit, per: per === '' ? undefined : per };
}

/** What a version claims, in the order of its messages; what replies quote counts where the quoted mail is missing. */
export function claimsOfVersion(version: SeriesVersion): PlacedClaim[] {
  const { cover, patches, replies } = version;
  const own = [...(cover === undefined ? [] : [{ ...cover, index: 0 }]), ...patches].flatMap((mail) =>
    mail.claims.map((claim) => ({
      patch: mail.index,
      messageId: mail.messageId,
      quotedByReply: false,
      claim,
    })),
  );
  const quoted = replies.flatMap(({ toPatch, messageId, quotedClaims }) =>
    quotedClaims.map((claim) => ({ patch: toPatch ?? 0, messageId, quotedByReply: true, claim })),
  );
  const isFirst = ({ claim, patch }: PlacedClaim, at: number): boolean =>
    quoted.findIndex((other) => other.patch === patch && other.claim.text === claim.text) === at;
  return [...own, ...quoted.filter(isFirst)];
}
