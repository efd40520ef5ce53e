// SPDX-License-Identifier: GPL-2.0-only
import type { Token } from './token.ts';

/**
 * Names of functions that a file itself defines, wherever it uses or tests them otherwise. The model's headers may have a
 * macro of such a name, for trees that have the function elsewhere or not at all; here the definition is what counts. A
 * name that the file asks the preprocessor about is not listed: there the macro decides what is defined.
 */
export function ownFunctions(tokens: readonly Token[]): ReadonlySet<string> {
  const defined = new Set<string>();
  const tested = new Set<string>();
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const { text, first } = tokens[at]!;
    if (text === '#' && first) {
      at = noteDirective(tokens, at, tested);
    } else if (text === '{') depth++;
    else if (text === '}') depth--;
    else if (depth === 0 && isDefinition(tokens, at)) defined.add(text);
  }
  for (const name of tested) defined.delete(name);
  return defined;
}

/** Names in the directives that define or test; returns where the directive's last token stands. */
function noteDirective(tokens: readonly Token[], hash: number, into: Set<string>): number {
  let at = hash;
  while (at + 1 < tokens.length && !tokens[at + 1]!.first) at++;
  const kind = tokens[hash + 1]?.text ?? '';
  const named = kind === 'define' || kind === 'ifdef' || kind === 'ifndef' ? hash + 3 : at + 1;
  if (/^(?:define|undef|if|ifdef|ifndef|elif)$/.test(kind)) {
    for (const { kind: what, text } of tokens.slice(hash + 2, Math.min(named, at + 1)))
      if (what === 'identifier') into.add(text);
  }
  return at;
}

/** `type name ( … ) {`, and no macro that makes a definition: those have no type before them. */
function isDefinition(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (tokens[at]!.kind !== 'identifier' || tokens[at + 1]?.text !== '(') return false;
  if (before === undefined || !(before.kind === 'identifier' || before.text === '*')) return false;
  let depth = 0;
  for (let behind = at + 1; behind < tokens.length; behind++) {
    const { text } = tokens[behind]!;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return tokens[behind + 1]?.text === '{';
    else if (text === ';' || text === '{') return false;
  }
  return false;
}
