// SPDX-License-Identifier: GPL-2.0-only

import { claimVerdict } from '../../../report/costs-text.ts';
import type { ComparedClaim, SeriesCosts, StatedClaim } from '../../../report/costs.ts';
import {
  counted,
  plainText,
  span,
  textWidth,
  wrapped,
  type Line,
  type Span,
  type Style,
} from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import { entryVerdict } from '../../../report/version-diff-text.ts';
import type { Known } from '../known.ts';
import type { Question } from '../messages.ts';
import type { Look, Row } from '../page.ts';
import { versionBefore } from '../posted.ts';
import { paragraphsOf, refolded } from './paragraphs.ts';
import { askClaims, askComparison, askCosts } from './asked.ts';
import { entryMark, FIGURE_MARKS, NO_MARK, NOT_MODELLED, WAITING } from './claim-marks.ts';

type ClaimLines = NonNullable<ReturnType<typeof askClaims>['answer']>['lines'];
type ClaimLine = ClaimLines[number];

/** What is to be said of a line of a message: a mark before it, and lines below the claim that it belongs to. */
interface Note {
  readonly first: number;
  readonly last: number;
  readonly mark: Span;
  readonly lines: readonly Line[];
}

/** What a message claims, held against the patches and against the model, as far as that is known. */
export interface ClaimNotes {
  /** The lines of a part of the message, with the notes that belong to them. */
  rows(part: ClaimLine['part'], text: string, style?: Style): Row[];
  /** How many claims came out how; empty where nothing is claimed. */
  readonly summary: Line;
  readonly asks: readonly Question[];
}

/** The claims of a patch's message; 0 is the cover letter. */
export function claimNotes(
  label: string,
  patch: number,
  known: Known,
  { width, isPreview }: Look,
): ClaimNotes {
  const claims = askClaims(label, known);
  const previous = versionBefore(known.series, label);
  // What was changed between older versions is told in full by their own letters.
  const isAbout = ({ patch: own, since }: ClaimLine): boolean =>
    own === patch && (since === undefined || (previous !== undefined && since >= previous.version));
  const lines = claims.answer?.lines.filter(isAbout) ?? [];
  const has = (kind: ClaimLine['kind']): boolean => lines.some((line) => line.kind === kind);
  const compared =
    previous !== undefined && has('changelog') ? askComparison(previous.label, label, known) : undefined;
  const measured = has('performance') ? askCosts(known) : undefined;
  const noted = lines.flatMap((line): (Note & ClaimLine)[] => {
    const notes =
      line.kind === 'changelog' ? entryNote(line, compared, width) : figureNote(line, label, measured, width);
    // For a preview nothing is measured that would have to be waited for.
    const told = isPreview === true ? notes.filter(({ mark }) => mark !== WAITING) : notes;
    return told.map((note) => ({ ...line, ...note }));
  });
  return {
    rows: (part, text, style) => {
      const own = noted.filter((note) => note.part === part);
      return annotated(part, text, own, { style, width });
    },
    summary: summaryLine(noted),
    asks: [...claims.asks, ...(compared?.asks ?? []), ...(measured?.asks ?? [])],
  };
}

function entryNote(
  { patch, line, first, last }: ClaimLine,
  compared: ReturnType<typeof askComparison> | undefined,
  width: number,
): Note[] {
  if (compared === undefined || compared.why !== undefined) return [];
  if (compared.answer === undefined) return [{ first, last, mark: WAITING, lines: [] }];
  const entry = compared.answer.diff.entries.find((each) => each.patch === patch && each.line === line);
  if (entry === undefined) return [];
  return [{ first, last, mark: entryMark(entry), lines: below(entryVerdict(entry), width, 'dim') }];
}

function figureNote(
  { patch, line, first, last }: ClaimLine,
  label: string,
  measured: ReturnType<typeof askCosts> | undefined,
  width: number,
): Note[] {
  if (measured === undefined) return [];
  if (measured.why !== undefined) {
    const why = `no modelled figure: ${terminalText(measured.why)}`;
    return [{ first, last, mark: NOT_MODELLED, lines: below(why, width, 'dim') }];
  }
  if (measured.answer === undefined) {
    return [{ first, last, mark: WAITING, lines: below('measuring …', width, 'dim') }];
  }
  const own = ({ label: of, patch: at, line: on }: StatedClaim): boolean =>
    of === label && at === patch && on === line;
  return figuresOf(measured.answer.costs)
    .filter(({ claim }) => own(claim))
    .map(({ claim, text, style }): Note => ({
      first,
      last,
      mark: claim.agreement === null ? NOT_MODELLED : FIGURE_MARKS[claim.agreement],
      lines: below(text, width, style),
    }));
}

interface Figure {
  readonly claim: ComparedClaim;
  readonly text: string;
  readonly style: Style;
}

function figuresOf({ calls, threads, others }: SeriesCosts): Figure[] {
  const notModelled = others.map((claim) => ({ ...claim, modelled: null, agreement: null }));
  return [
    ...calls.flatMap(({ name, machine, claims }) =>
      claims.map((claim) => figureOf(claim, `${name} on ${machine}`)),
    ),
    ...threads.flatMap(({ name, machine, claims }) =>
      claims.map((claim) => figureOf(claim, `${name}, ${counted(claim.threads, 'thread')}, on ${machine}`)),
    ),
    ...notModelled.map((claim): Figure => ({
      claim,
      text: 'claimed, and not modelled',
      style: 'unknown',
    })),
  ];
}

function figureOf(claim: ComparedClaim, what: string): Figure {
  const { figures, text, style } = claimVerdict(claim);
  return { claim, text: `${figures}${text} (${what})`, style };
}

function below(text: string, width: number, style: Style): Line[] {
  return text === ''
    ? []
    : wrapped(text, Math.min(width, 100) - 6).map((line) => [span(`      ${line}`, style)]);
}

/** A claim is a stop for tab. Where nothing is claimed, no room is kept for marks. */
function annotated(
  part: string,
  text: string,
  notes: readonly Note[],
  { style, width }: { readonly style: Style | undefined; readonly width: number },
): Row[] {
  const lines = text.replace(/\s+$/, '').split('\n');
  const margin = notes.length === 0 ? [] : [NO_MARK];
  const room = width - (notes.length === 0 ? 0 : textWidth(NO_MARK.text));
  const isApart = (line: number): boolean =>
    notes.some(({ first, last }) => line === first || line === last + 1);
  return paragraphsOf(lines, isApart).flatMap(({ first, last }): Row[] => {
    const own = notes.find((note) => note.first === first);
    const ended = notes.filter((note) => note.last >= first && note.last <= last);
    const shown = refolded(lines.slice(first, last + 1), room);
    return [
      ...shown.map((line, index): Row => {
        const key = `${part} ${first} ${index}`;
        if (index > 0 || own === undefined) return { line: [...margin, span(line, style)], key };
        return { line: [own.mark, span(line, style)], key, stop: true };
      }),
      ...withoutRepeats(ended.flatMap(({ lines: noted }) => noted)).map((each): Row => ({ line: each })),
    ];
  });
}

/** Several figures of one line are measured, or not modelled, for the same reason. */
function withoutRepeats(lines: readonly Line[]): Line[] {
  return lines.filter(
    (line, index) => lines.findIndex((other) => plainText(other) === plainText(line)) === index,
  );
}

function summaryLine(noted: readonly (Note & ClaimLine)[]): Line {
  const parts = (['changelog', 'performance'] as const).flatMap((kind): Span[] => {
    const marks = noted.filter((note) => note.kind === kind).map(({ mark }) => mark);
    if (marks.length === 0) return [];
    const shown = ['✓ ', '~ ', '✗ ', '? ', '… '].flatMap((text) => {
      const same = marks.filter((mark) => mark.text === text);
      return same.length === 0 ? [] : [span(` ${text}${same.length}`, same[0]!.style)];
    });
    return [span(kind === 'changelog' ? 'changelog' : 'figures'), ...shown, span('   ')];
  });
  return parts;
}
