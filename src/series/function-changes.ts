// SPDX-License-Identifier: GPL-2.0-only

import { findCSymbols, type CSymbol } from './c-functions.ts';
import type { FunctionChange } from './series.ts';

/** How alike two bodies must be, from 0 to 1, for one to be the other renamed. */
const RENAME_SIMILARITY = 0.5;

/** Bodies of fewer tokens than this are too small to say that they are alike, unless they are equal. */
const RENAME_TOKENS = 12;

/**
 * What a change of one C file did to the functions, macros, structs and variables in it. `before` and `after` are
 * the whole file's text; undefined where the file does not exist.
 */
export function findFunctionChanges(
  file: string,
  before: string | undefined,
  after: string | undefined,
): FunctionChange[] {
  const oldSymbols = keySymbols(findCSymbols(before ?? ''));
  const newSymbols = keySymbols(findCSymbols(after ?? ''));
  const removed = [...oldSymbols].filter(([key]) => !newSymbols.has(key)).map(([, symbol]) => symbol);
  const added = [...newSymbols].filter(([key]) => !oldSymbols.has(key)).map(([, symbol]) => symbol);
  const renames = pairRenames(removed, added);
  const changes: FunctionChange[] = [];
  for (const [key, symbol] of newSymbols) {
    const old = oldSymbols.get(key);
    if (old !== undefined) {
      if (old.hash !== symbol.hash) changes.push(describe(file, 'modified', old, symbol));
      continue;
    }
    const renamed = renames.get(symbol);
    if (renamed === undefined) changes.push(describe(file, 'added', undefined, symbol));
    else changes.push({ ...describe(file, 'renamed', renamed, symbol), previousName: renamed.name });
  }
  const gone = new Set(renames.values());
  for (const symbol of removed) {
    if (!gone.has(symbol)) changes.push(describe(file, 'removed', symbol, undefined));
  }
  return changes;
}

/** Symbols by kind and name; where `#if` branches define one twice, by their order too. */
function keySymbols(symbols: readonly CSymbol[]): Map<string, CSymbol> {
  const keyed = new Map<string, CSymbol>();
  for (const symbol of symbols) {
    let count = 0;
    while (keyed.has(`${symbol.kind} ${symbol.name} ${count}`)) count += 1;
    keyed.set(`${symbol.kind} ${symbol.name} ${count}`, symbol);
  }
  return keyed;
}

/** For each added symbol that looks like a removed one under another name: that one. Best pairs first. */
function pairRenames(removed: readonly CSymbol[], added: readonly CSymbol[]): Map<CSymbol, CSymbol> {
  const pairs: { old: CSymbol; now: CSymbol; similarity: number }[] = [];
  for (const old of removed) {
    for (const now of added) {
      if (old.kind !== now.kind) continue;
      const similarity = bodySimilarity(old, now);
      if (similarity >= RENAME_SIMILARITY) pairs.push({ old, now, similarity });
    }
  }
  pairs.sort((left, right) => right.similarity - left.similarity || left.old.startLine - right.old.startLine);
  const renames = new Map<CSymbol, CSymbol>();
  const taken = new Set<CSymbol>();
  for (const { old, now } of pairs) {
    if (renames.has(now) || taken.has(old)) continue;
    renames.set(now, old);
    taken.add(old);
  }
  return renames;
}

/** Share of tokens, with their neighbours, that two bodies have in common: 0 to 1. Their own names count as equal. */
function bodySimilarity(left: CSymbol, right: CSymbol): number {
  const leftTokens = ownTokens(left);
  const rightTokens = ownTokens(right);
  if (leftTokens.join(' ') === rightTokens.join(' ')) return leftTokens.length > 2 ? 1 : 0;
  if (Math.min(leftTokens.length, rightTokens.length) < RENAME_TOKENS) return 0;
  const counts = new Map<string, number>();
  for (const pair of neighbours(leftTokens)) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  let common = 0;
  for (const pair of neighbours(rightTokens)) {
    const unmatched = counts.get(pair) ?? 0;
    if (unmatched === 0) continue;
    counts.set(pair, unmatched - 1);
    common += 1;
  }
  return (2 * common) / (leftTokens.length + rightTokens.length - 2);
}

function ownTokens(symbol: CSymbol): string[] {
  return symbol.body.split(' ').map((token) => (token === symbol.name ? '(self)' : token));
}

function neighbours(tokens: readonly string[]): string[] {
  return tokens.slice(1).map((token, index) => `${tokens[index] ?? ''} ${token}`);
}

function describe(
  file: string,
  change: FunctionChange['change'],
  before: CSymbol | undefined,
  after: CSymbol | undefined,
): FunctionChange {
  const symbol = after ?? before;
  const range = (of: CSymbol) => ({ startLine: of.startLine, endLine: of.endLine });
  return {
    change,
    kind: symbol?.kind ?? 'function',
    name: symbol?.name ?? '',
    file,
    signatureChanged: before?.signature !== after?.signature,
    ...(before === undefined ? {} : { before: range(before) }),
    ...(after === undefined ? {} : { after: range(after) }),
    basis: 'tree',
  };
}
