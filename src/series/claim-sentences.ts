// SPDX-License-Identifier: GPL-2.0-only

import type { ClaimBlock } from './claim-blocks.ts';
import { findMachines } from './claim-machine.ts';
import { NUMBER, numberOf, rounded, UNIT, unitName } from './claim-figures.ts';
import type { PerformanceClaim } from './series.ts';

/** Words that follow a factor or percentage and say what it is of. */
const GAIN =
  'faster|slower|quicker|speed-?ups?|reductions?|improvements?|increases?|decreases?|gains?|drops?|regressions?|fewer|less|more|lower|higher|better|worse|shorter|longer|smaller|larger|as fast|performance';

/** Words that make two bare numbers with an arrow between them a measurement. */
const MEASURED =
  /\b(?:time|latency|throughput|misses|cycles|faster|slower|overhead|bandwidth|benchmark|score|faults|flush(?:es)?|IPIs|instructions|invalidations|memory|size|ops|calls|cost|runtime|performance)\b/i;

/** One figure or pair of figures in a block. */
interface Figure {
  readonly start: number;
  readonly end: number;
  readonly before?: number;
  readonly after?: number;
  readonly unit?: string;
  readonly factor?: number;
  readonly percent?: number;
  /** One of several in a list, such as `1 threads`. */
  readonly name?: string;
}

/** Figures as close to what they are compared with as this agree: share of the larger. */
const AGREES = 0.2;

/** What a paragraph, list item or sentence claims; `unit` is what an earlier sentence says figures are in. */
export function sentenceClaims(
  block: ClaimBlock,
  context: {
    readonly lead?: string | undefined;
    readonly machine?: string | undefined;
    readonly unit?: string | undefined;
    readonly per?: string | undefined;
  },
): PerformanceClaim[] {
  const { text } = block;
  if (text.length > 4000) return [];
  const figures = joinFigures(text, findFigures(text));
  return figures.map((figure) => {
    const [from, to] = sentenceAround(text, figure);
    const sentence = text.slice(from, to).trim();
    const workload = figure.name ?? findWorkload(text, figure, from, to);
    const measure = findMeasure(text, figure, from, to);
    const bare = figure.before !== undefined && figure.unit === undefined && measure === undefined;
    const unit = figure.unit ?? (bare ? context.unit : undefined);
    const machine = machineNear(text, figure, from, to) ?? context.machine;
    const lead = context.lead === sentence ? undefined : context.lead;
    return {
      text: sentence,
      line: block.lineAt(figure.start),
      table: false,
      ...(lead === undefined ? {} : { lead }),
      ...(workload === undefined ? {} : { workload }),
      ...(measure === undefined ? {} : { measure }),
      ...(machine === undefined ? {} : { machine }),
      ...(unit === undefined ? {} : { unit }),
      ...(bare && context.per !== undefined ? { per: context.per } : {}),
      ...(figure.before === undefined ? {} : { before: figure.before }),
      ...(figure.after === undefined ? {} : { after: figure.after }),
      ...(figure.before === undefined || !figure.after
        ? {}
        : { ratio: rounded(figure.before / figure.after) }),
      ...(figure.factor === undefined ? {} : { factor: figure.factor }),
      ...(figure.percent === undefined ? {} : { percent: figure.percent }),
    };
  });
}

function findFigures(text: string): Figure[] {
  if (!/\d/.test(text)) return [];
  const found = [...findLists(text), ...findPairs(text), ...findFactors(text), ...findPercents(text)];
  found.sort((left, right) => left.start - right.start);
  return found.filter(
    (figure, index) =>
      !found.some(
        (other, at) =>
          at !== index &&
          other.start <= figure.start &&
          other.end >= figure.end &&
          other.end - other.start > figure.end - figure.start,
      ),
  );
}

/** A form in which figures are written. Each is looked for only where its `sign` is: most text has none. */
interface Form {
  readonly sign: RegExp;
  readonly pattern: RegExp;
}

const VALUE = `(${NUMBER})\\s?(${UNIT})?`;
const EDGE = String.raw`(?<![\w.,+-])`;

/** With `sure`, bare numbers count too. */
const PAIRS: readonly (Form & { readonly sure: boolean })[] = [
  {
    sign: /[>→]/,
    pattern: new RegExp(`${EDGE}${VALUE}\\s{0,3}(?:-{1,2}>|=>|→)\\s{0,3}${VALUE}`, 'gi'),
    sure: false,
  },
  { sign: /from \d/i, pattern: new RegExp(`\\bfrom ${VALUE} (?:down |up )?to ${VALUE}`, 'gi'), sure: false },
  {
    sign: /before/i,
    pattern: new RegExp(`${EDGE}${VALUE} before(?:,|;| and)? (?:and )?${VALUE} after\\b`, 'gi'),
    sure: true,
  },
  {
    sign: /before:/i,
    pattern: new RegExp(`\\bbefore: ?${VALUE}[,;.]? (?:and )?after: ?${VALUE}`, 'gi'),
    sure: true,
  },
];

function matchesOf(text: string, { sign, pattern }: Form): RegExpExecArray[] {
  return sign.test(text) ? [...text.matchAll(pattern)] : [];
}

/** `1235 us -> 149 us`, `from 45600 to 6500`, `11 ms before, 6 ms after`. */
function findPairs(text: string): Figure[] {
  return PAIRS.flatMap((form) =>
    matchesOf(text, form).flatMap((match): Figure[] => {
      const [, before = '', unitBefore, after = '', unitAfter] = match;
      const unit = unitName(unitAfter) ?? unitName(unitBefore);
      if (unit === undefined && !form.sure && !isMeasured(text, match.index)) return [];
      const start = match.index;
      return [
        {
          start,
          end: start + match[0].length,
          before: numberOf(before),
          after: numberOf(after),
          ...(unit === undefined ? {} : { unit }),
        },
      ];
    }),
  );
}

/** Whether the sentence speaks of a measurement, and not of versions, patches or orders. */
function isMeasured(text: string, at: number): boolean {
  const [from, to] = sentenceAround(text, { start: at, end: at });
  const sentence = text.slice(from, to);
  return MEASURED.test(sentence) || findFactors(sentence).length > 0;
}

const LIST = `${NUMBER}(?:(?:, and |, | and )${NUMBER}){1,40}`;
const LISTS: Form = {
  sign: /before/i,
  pattern: new RegExp(`(${LIST}) before[;,]? (?:and )?(${LIST}) after\\b`, 'gi'),
};
const NAMED_LIST = new RegExp(`(${LIST}) ([a-z]{2,20})[: ]`, 'gi');

/** `on 1, 2, 4 threads: 10, 20, 30 before; 2, 2, 3 after`: as many figures on both sides. */
function findLists(text: string): Figure[] {
  return matchesOf(text, LISTS).flatMap((match): Figure[] => {
    const [before, after] = [match[1] ?? '', match[2] ?? ''].map(listOf);
    if (before === undefined || after === undefined || before.length !== after.length) return [];
    const names = [...text.slice(0, match.index).matchAll(NAMED_LIST)]
      .map((found) => ({ values: listOf(found[1] ?? ''), word: found[2] ?? '' }))
      .findLast(({ values }) => values.length === before.length);
    return before.map((value, at) => ({
      start: match.index,
      end: match.index + match[0].length,
      before: value,
      after: after[at] ?? 0,
      ...(names === undefined ? {} : { name: `${names.word} ${names.values[at]}` }),
    }));
  });
}

function listOf(text: string): number[] {
  return text.split(/, and |, | and /).map(numberOf);
}

const FACTORS: readonly Form[] = [
  { sign: /[x×]/i, pattern: new RegExp(`(?<![\\w.])(${NUMBER})\\s?[x×] ?(?:${GAIN})\\b`, 'gi') },
  {
    sign: /\d[x×]/i,
    pattern: new RegExp(
      `\\b(?:by|of|than|to|about|around|up to|over|is|a|an) ~?(${NUMBER})[x×](?!\\w)`,
      'gi',
    ),
  },
  { sign: /\d[x×]/i, pattern: new RegExp(`(?:^|[(,:] ?)~?(${NUMBER})[x×](?=[),]|$)`, 'gi') },
  { sign: /factor of \d/i, pattern: new RegExp(`\\bfactor of (${NUMBER})(?![\\w%])`, 'gi') },
  { sign: /\d times/i, pattern: new RegExp(`(?<![\\w.])(${NUMBER}) times (?:${GAIN})\\b`, 'gi') },
];

/** `8.3x faster`, `by 20x`, `a factor of 6`, `20 times faster`. */
function findFactors(text: string): Figure[] {
  const found = FACTORS.flatMap((form) =>
    matchesOf(text, form).map((match): Figure => {
      const factor = numberOf(match[1] ?? '');
      const start = match.index + match[0].indexOf(match[1] ?? '');
      return { start, end: match.index + match[0].length, factor };
    }),
  );
  return found.filter((figure, index) => found.findIndex((other) => other.start === figure.start) === index);
}

const PERCENTS: Form = {
  sign: /%/,
  pattern: new RegExp(`(?<![\\w.])([+-]?${NUMBER})\\s?%(?! of\\b)`, 'gi'),
};
const GAIN_BEHIND = new RegExp(`^ ?\\)?,? ?(?:\\w+ )?(?:${GAIN})\\b`, 'i');

/** `a 2.2% reduction`, `by 43%`, `(-46%)`. A share such as `1% of all time` is none. */
function findPercents(text: string): Figure[] {
  return matchesOf(text, PERCENTS).flatMap((match): Figure[] => {
    const start = match.index;
    const end = start + match[0].length;
    const [ahead, behind] = [text.slice(Math.max(0, start - 40), start), text.slice(end, end + 25)];
    const signed = /^[+-]/.test(match[1] ?? '');
    const said = GAIN_BEHIND.test(behind) || /\bby (?:about |up to |around |over |~)?$/i.test(ahead);
    const verb =
      /\b(?:improv|reduc|increas|decreas|drop|gain|sav|regress|grow|fall)\w{0,6} (?:\w+ ){0,3}$/i.test(ahead);
    return signed || said || verb ? [{ start, end, percent: numberOf(match[1] ?? '') }] : [];
  });
}

/** Joins a factor or percentage with the pair of figures that it is of: they agree, or the pair stands in brackets behind it. */
function joinFigures(text: string, figures: readonly Figure[]): Figure[] {
  const joined: Figure[] = [];
  for (const figure of figures) {
    const last = joined.at(-1);
    const between = last === undefined ? '' : text.slice(last.end, figure.start);
    const sameSentence = last !== undefined && !/[.;]\s/.test(between);
    if (last !== undefined && sameSentence && belongTogether(last, figure, between)) {
      joined[joined.length - 1] = { ...last, ...figure, start: last.start, end: figure.end };
    } else joined.push(figure);
  }
  return joined;
}

function belongTogether(left: Figure, right: Figure, between: string): boolean {
  const [pair, stated] = left.before === undefined ? [right, left] : [left, right];
  if (pair.before === undefined || pair.after === undefined || stated.before !== undefined) return false;
  if (pair.name !== undefined) return false;
  if (stated.factor !== undefined && pair.factor !== undefined) return false;
  if (stated.percent !== undefined && pair.percent !== undefined) return false;
  if (/^[^()]{0,40}\($/.test(between) || /^\s?,? ?\($/.test(between)) return true;
  return agrees(pair.before, pair.after, stated);
}

function agrees(before: number, after: number, { factor, percent }: Figure): boolean {
  if (before === 0 || after === 0) return false;
  const ratio = before / after;
  if (factor !== undefined)
    return [ratio, 1 / ratio].some((value) => Math.abs(value - factor) <= AGREES * value);
  const changes = [100 * (after / before - 1), 100 * (before / after - 1)].map(Math.abs);
  return percent !== undefined && changes.some((change) => Math.abs(change - Math.abs(percent)) <= 3);
}

/** Bounds of the sentence that a figure stands in. */
function sentenceAround(text: string, { start, end }: Pick<Figure, 'start' | 'end'>): [number, number] {
  const ends = [...text.matchAll(/[.;!?] (?=["'(]?[A-Z0-9])/g)].map((match) => match.index + 1);
  const from = ends.findLast((at) => at <= start) ?? 0;
  const to = ends.find((at) => at >= end) ?? text.length;
  return [from, to];
}

/** The computer that the figure's sentence names, behind the figure or else before it; else another of the block's. */
function machineNear(text: string, figure: Figure, from: number, to: number): string | undefined {
  const machines = findMachines(text);
  const near = machines.filter(({ at }) => at >= from && at < to);
  const found = near.find(({ at }) => at >= figure.start) ?? near.at(-1) ?? machines.at(-1);
  return found?.phrase;
}

/** What was run: what stands before a colon, or after `for`, or before `workload` and the like. As written. */
function findWorkload(text: string, figure: Figure, from: number, to: number): string | undefined {
  const ahead = text.slice(from, figure.start);
  const label = /^\s*([^:]{2,160}):\s[^:]{0,60}$/.exec(ahead);
  if (label !== null && !/\b(?:are|is|as follows)$/.test(label[1] ?? '')) return label[1]?.trim();
  const behind = text.slice(figure.start, to);
  const condition =
    /\b(?:for|when|with|during|in case of) (?:an? |the )?([^,;:]{3,100}?)(?=,| from \d| on an? |[.;]|$)/.exec(
      behind,
    );
  if (condition !== null) return condition[1]?.trim();
  const kind = /\b(?:an?|the) ((?:[\w/-]+ ){1,5}(?:workload|benchmark|test|loop))\b/.exec(ahead + behind);
  return kind?.[1];
}

const GAIN_IN = new RegExp(
  `^.{0,20}?(?:${GAIN}) (?:in|of) ([^,;:(]{2,60}?)(?= for | on | from | when | with |,|[.;:(]|$)`,
  'i',
);

/** Which quantity the figures are of: `reduction in X`, `fewer X`, `X goes down by`. As written. */
function findMeasure(text: string, figure: Figure, from: number, to: number): string | undefined {
  const behind = text.slice(figure.start, to);
  const named = GAIN_IN.exec(behind);
  if (named !== null) return named[1]?.trim();
  const counted =
    /^.{0,16}?\b(?:fewer|less|more) ((?!than\b)[\w-]+(?: [\w-]+){0,2})(?=\s?[(,.;:]| for | on |$)/i.exec(
      behind,
    );
  if (counted !== null) return counted[1]?.trim();
  const ahead = text.slice(from, figure.start);
  const subject =
    /([^,;:]{2,80}?) (?:goes|go|drops?|falls?|fell|decreases?|improves?|rises?|is reduced|are reduced) (?:down |up )?(?:by |from |to )?(?:an? |about |factor of ){0,3}$/i.exec(
      ahead,
    );
  return subject?.[1]?.trim();
}
