// SPDX-License-Identifier: GPL-2.0-only
import type { SourceFile, Token, TokenKind } from './token.ts';

const PUNCTUATORS = [
  '<<=', '>>=', '...', '->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '+=', '-=', '*=', '/=',
  '%=', '&=', '|=', '^=', '##',
]; // prettier-ignore

const IDENTIFIER = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
/** With C23's separators of digits. */
const NUMBER = /\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*/y;

interface TokenizedFile {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** By path, the file as it was read last: most files are the same before a patch and after it. */
const lastOfPath = new Map<string, TokenizedFile>();
/** All of `lastOfPath`; when they are more, they are forgotten. */
const MOST_TOKENS_KEPT = 200_000;
let tokensKept = 0;

/** The tokens of a file of a tree. */
export function tokenizeFile(file: SourceFile): readonly Token[] {
  const last = lastOfPath.get(file.path);
  if (last?.text === file.text) return last.tokens;
  const tokens = tokenize(file);
  tokensKept += tokens.length - (last?.tokens.length ?? 0);
  if (tokensKept > MOST_TOKENS_KEPT) {
    lastOfPath.clear();
    tokensKept = tokens.length;
  }
  lastOfPath.set(file.path, { text: file.text, tokens });
  return tokens;
}

/** The preprocessing tokens of a C text. Never fails: what is no token is one of kind `other`. */
export function tokenize(file: SourceFile): Token[] {
  const { text } = file;
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  let spaced = false;
  let first = true;
  const push = (kind: TokenKind, end: number): void => {
    const raw = text.slice(at, end);
    const column = at - lineStart + 1;
    tokens.push({ kind, text: raw.includes('\\\n') ? splice(raw) : raw, file, line, column, spaced, first });
    for (let i = raw.indexOf('\n'); i >= 0; i = raw.indexOf('\n', i + 1)) {
      line++;
      lineStart = at + i + 1;
    }
    at = end;
    spaced = false;
    first = false;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (char === '\n') {
      at++;
      line++;
      lineStart = at;
      first = true;
      spaced = false;
    } else if (char === ' ' || char === '\t' || char === '\r' || char === '\f' || char === '\v') {
      at++;
      spaced = true;
    } else if (char === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf('\n', at) + 1;
      line++;
      lineStart = at;
      spaced = true;
    } else if (char === '/' && text[at + 1] === '/') {
      at = endOfLine(text, at);
      spaced = true;
    } else if (char === '/' && text[at + 1] === '*') {
      const close = text.indexOf('*/', at + 2);
      const end = close < 0 ? text.length : close + 2;
      for (let i = text.indexOf('\n', at); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
        line++;
        lineStart = i + 1;
      }
      at = end;
      spaced = true;
    } else if (char === '"' || char === "'") {
      push(char === '"' ? 'string' : 'character', endOfQuoted(text, at));
    } else {
      IDENTIFIER.lastIndex = at;
      NUMBER.lastIndex = at;
      if (IDENTIFIER.test(text)) push('identifier', IDENTIFIER.lastIndex);
      else if (NUMBER.test(text)) push('number', NUMBER.lastIndex);
      else push(...punctuatorAt(text, at));
    }
  }
  return tokens;
}

function punctuatorAt(text: string, at: number): [TokenKind, number] {
  for (const punctuator of PUNCTUATORS) {
    if (text.startsWith(punctuator, at)) return ['punctuator', at + punctuator.length];
  }
  return ['!#%&()*+,-./:;<=>?[]^{|}~'.includes(text[at]!) ? 'punctuator' : 'other', at + 1];
}

/** A comment to the end of the line; a backslash at its end continues it. */
function endOfLine(text: string, from: number): number {
  let end = text.indexOf('\n', from);
  while (end > 0 && text[end - 1] === '\\') end = text.indexOf('\n', end + 1);
  return end < 0 ? text.length : end;
}

function endOfQuoted(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}

function splice(raw: string): string {
  return raw.replaceAll(/\\\r?\n/g, '');
}
