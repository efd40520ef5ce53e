// SPDX-License-Identifier: GPL-2.0-only

/** A stretch of both texts in which a line is looked for; ends are exclusive. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

/**
 * Where a line of one text is in a later one: its number (1-based), or undefined where it was changed or has gone.
 * Works as a patience diff does, and follows only the stretch that holds the line: what both ends have in common is
 * cut off, then lines that occur once in both texts narrow it down, again and again.
 */
export function followLine(before: string, after: string, line: number): number | undefined {
  const lines = before.split('\n');
  const others = after.split('\n');
  const target = line - 1;
  if (target < 0 || target >= lines.length) return undefined;
  let window: Window = { from: 0, to: lines.length, otherFrom: 0, otherTo: others.length };
  for (;;) {
    const cut = withoutCommonEnds(lines, others, window);
    if (target < cut.from) return target - window.from + window.otherFrom + 1;
    if (target >= cut.to) return target - window.to + window.otherTo + 1;
    const anchors = commonAnchors(lines, others, cut);
    const here = anchors.find(([at]) => at === target);
    if (here !== undefined) return here[1] + 1;
    if (anchors.length === 0) return undefined;
    const above = anchors.findLast(([at]) => at < target);
    const below = anchors.find(([at]) => at > target);
    window = {
      from: above === undefined ? cut.from : above[0] + 1,
      otherFrom: above === undefined ? cut.otherFrom : above[1] + 1,
      to: below?.[0] ?? cut.to,
      otherTo: below?.[1] ?? cut.otherTo,
    };
  }
}

function withoutCommonEnds(lines: readonly string[], others: readonly string[], window: Window): Window {
  let { from, to, otherFrom, otherTo } = window;
  while (from < to && otherFrom < otherTo && lines[from] === others[otherFrom]) {
    from += 1;
    otherFrom += 1;
  }
  while (from < to && otherFrom < otherTo && lines[to - 1] === others[otherTo - 1]) {
    to -= 1;
    otherTo -= 1;
  }
  return { from, to, otherFrom, otherTo };
}

/** Lines that occur once on each side, in an order that both sides share: the longest such sequence. */
function commonAnchors(
  lines: readonly string[],
  others: readonly string[],
  { from, to, otherFrom, otherTo }: Window,
): (readonly [at: number, other: number])[] {
  const there = uniqueLines(others, otherFrom, otherTo);
  const pairs = [...uniqueLines(lines, from, to)]
    .flatMap(([text, at]) => (there.has(text) ? [[at, there.get(text)!] as const] : []))
    .toSorted(([a], [b]) => a - b);
  return longestRising(pairs);
}

function uniqueLines(lines: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (let at = from; at < to; at++) {
    const text = lines[at]!;
    if (places.has(text)) repeated.add(text);
    else places.set(text, at);
  }
  for (const text of repeated) places.delete(text);
  return places;
}

/** The longest subsequence whose second members rise, by patience sorting. */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const piles: { pair: readonly [number, number]; under: number }[][] = [];
  for (const pair of pairs) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (piles[middle]!.at(-1)!.pair[1] < pair[1]) low = middle + 1;
      else high = middle;
    }
    const under = low === 0 ? -1 : piles[low - 1]!.length - 1;
    if (low === piles.length) piles.push([]);
    piles[low]!.push({ pair, under });
  }
  const sequence: (readonly [number, number])[] = [];
  let at = (piles.at(-1)?.length ?? 0) - 1;
  for (let pile = piles.length - 1; pile >= 0; pile--) {
    const card = piles[pile]![at]!;
    sequence.unshift(card.pair);
    at = card.under;
  }
  return sequence;
}
