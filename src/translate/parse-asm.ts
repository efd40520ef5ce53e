// SPDX-License-Identifier: GPL-2.0-only
import { literalBytes } from './number.ts';
import { parseExpression, stringOf } from './parse-expression.ts';
import { noteUse, type Parser } from './parser.ts';
import type { Expression, Statement } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

/** Instructions that order memory accesses: an event each, by the instruction. */
const BARRIER = /^(?:(?:dsb|dmb) [a-z]+|isb|[mls]fence|fence(?: [iorw]+, ?[iorw]+)?)$/;
/** Instructions that hint at something and leave everything as it is. */
const HINT = /^(?:nop|yield|pause|rep|csdb|sev|hint #\d+|#.*|)$/;

interface Operand {
  readonly constraint: string;
  readonly value: Expression;
}

/**
 * Inline assembly, of which three idioms have a meaning here: the empty text that hides a value from the compiler or
 * keeps it from moving accesses, barriers, and hints. Everything else ends the function's translation.
 */
export function parseAsm(p: Parser, at: Token): Statement {
  while (['volatile', '__volatile__', 'inline', '__inline__'].some((word) => p.accept(word)));
  if (p.is('goto')) throw unsupported(at);
  p.expect('(');
  const lines = templateOf(p, at);
  const outputs = p.accept(':') ? parseOperands(p) : [];
  const inputs = p.accept(':') ? parseOperands(p) : [];
  // Clobbered registers are the compiler's concern.
  if (p.accept(':')) while (p.peek().kind === 'string' || p.is(',')) p.next();
  p.expect(')');
  p.expect(';');
  const statements = lines
    .filter((line) => !HINT.test(line))
    .map((line): Statement => ({ kind: 'expression', at, expression: barrier(p, at, line) }));
  if (lines.join('') !== '' && outputs.length > 0) throw unsupported(at);
  for (const [index, output] of outputs.entries()) statements.push(...passedOn(at, index, output, inputs));
  return { kind: 'block', at, statements };
}

function templateOf(p: Parser, at: Token): string[] {
  let text = '';
  if (p.peek().kind !== 'string') throw unsupported(at);
  while (p.peek().kind === 'string') text += textOf(p.next());
  return text.split(/[\n;]/).map((line) => line.trim().replaceAll(/\s+/g, ' '));
}

function textOf(literal: Token): string {
  return String.fromCharCode(...literalBytes(literal));
}

/** `[name] "constraint" (expression), …` */
function parseOperands(p: Parser): Operand[] {
  const operands: Operand[] = [];
  while (p.is('[') || p.peek().kind === 'string') {
    if (p.is('[')) p.skipBalanced();
    const constraint = textOf(p.next());
    p.expect('(');
    operands.push({ constraint, value: parseExpression(p) });
    p.expect(')');
    if (!p.accept(',')) break;
  }
  return operands;
}

/** What the empty text leaves in an output: its old value, or the input that shares its register. */
function passedOn(
  at: Token,
  index: number,
  { constraint, value }: Operand,
  inputs: readonly Operand[],
): Statement[] {
  if (constraint.startsWith('+')) return [];
  const source = inputs.find((input) => input.constraint === String(index));
  if (source === undefined) throw unsupported(at);
  return [{ kind: 'expression', at, expression: t.assign(at, value, source.value) }];
}

function barrier(p: Parser, at: Token, line: string): Expression {
  const found = p.scope.find('__barrier');
  if (!BARRIER.test(line) || found?.kind !== 'function') throw unsupported(at);
  const callee = noteUse(p, { kind: 'function', at, type: found.type, name: '__barrier' });
  return { kind: 'call', at, type: found.type.result, callee, args: [t.decay(stringOf(at, line))] };
}

function unsupported(at: Token): TranslateError {
  return new TranslateError('inline assembly', at);
}
