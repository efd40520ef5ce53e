// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import { stringOf } from './parse-expression.ts';
import type { Parser } from './parser.ts';
import type { Statement } from './syntax.ts';
import { GrammarError, TranslateError, type Token } from './token.ts';

/**
 * What `parse` makes of the next statement. If that is C that we cannot translate, it costs this statement and not its whole
 * function: in its place stands a refusal, and only who reaches it is not modelled. Often nobody does: it was about a rare
 * error, or a warning.
 */
export function orRefuse<T>(p: Parser, parse: () => T, make: (refused: Statement) => T): T {
  const start = p.at;
  try {
    return parse();
  } catch (error) {
    const { context } = p;
    const isGap = error instanceof TranslateError && !(error instanceof GrammarError);
    if (!isGap || context === undefined) throw error;
    p.at = start;
    skipStatement(p);
    if (holdsLabel(p.tokens.slice(start, p.at))) throw error;
    context.gaps.push(error);
    return make(refusal(context.name, p.tokens[start]!, error));
  }
}

function refusal(name: string, at: Token, error: TranslateError): Statement {
  const { file, line } = error.at;
  const why = `a statement of \`${name}()\` could not be translated: ${file.path}:${line}: ${error.message}`;
  const args = [stringOf(at, why)];
  return { kind: 'expression', at, expression: { kind: 'builtin', at, type: c.VOID, name: 'refuse', args } };
}

/** Somebody may jump into it. */
function holdsLabel(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ kind, text }, at) =>
      kind === 'identifier' &&
      (text === 'case' ||
        text === 'default' ||
        (tokens[at + 1]?.text === ':' && tokens[at - 1]?.text !== '?')),
  );
}

function skipStatement(p: Parser): void {
  const { text } = p.peek();
  if (text === '{') {
    p.skipBalanced();
  } else if (text === 'if' || text === 'for' || text === 'while' || text === 'switch') {
    p.next();
    p.skipBalanced();
    skipStatement(p);
    if (text === 'if' && p.accept('else')) skipStatement(p);
  } else if (text === 'do') {
    p.next();
    skipStatement(p);
    p.expect('while');
    skipToSemicolon(p);
  } else {
    skipToSemicolon(p);
  }
}

function skipToSemicolon(p: Parser): void {
  while (!p.accept(';')) {
    if (p.is('(') || p.is('[') || p.is('{')) p.skipBalanced();
    else if (p.is('}') || p.peek().kind === 'end') p.expect(';');
    else p.next();
  }
}
