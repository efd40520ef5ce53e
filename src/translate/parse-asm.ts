// SPDX-License-Identifier: GPL-2.0-only
import { ULONG } from './c-type.ts';
import { literalBytes } from './number.ts';
import { parseExpression, stringOf } from './parse-expression.ts';
import { noteUse, type Parser } from './parser.ts';
import type { Expression, Statement } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

/** Instructions that order memory accesses: an event each, by the instruction. */
const BARRIER = /^(?:(?:dsb|dmb) [a-z]+|isb|[mls]fence|fence(?: [iorw]+, ?[iorw]+)?)$/;
/** arm64's TLB maintenance, with or without an operand. */
const INVALIDATION = /^tlbi (\w+)(?:, ?%x?0)?$/;
/** Instructions that hint at something and leave everything as it is, and lines that are for the assembler. */
const HINT = /^(?:nop|yield|pause|rep|csdb|sev|hint #\d+|#.*|\.arch .*|)$/;

interface Operand {
  readonly constraint: string;
  readonly value: Expression;
}

/**
 * Inline assembly, of which four idioms have a meaning here: the empty text that hides a value from the compiler or
 * keeps it from moving accesses, barriers, invalidations of the TLB, and hints. Everything else ends the function's
 * translation.
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
    .map((line): Statement => ({ kind: 'expression', at, expression: instruction(p, at, line, inputs) }));
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

function instruction(p: Parser, at: Token, line: string, inputs: readonly Operand[]): Expression {
  if (BARRIER.test(line)) return callModel(p, at, '__barrier', [t.decay(stringOf(at, line))]);
  const operation = INVALIDATION.exec(line)?.[1];
  if (operation === undefined || inputs.length > 1) throw unsupported(at);
  const operand = t.convert(inputs[0]?.value ?? t.number(at, 0, ULONG), ULONG, at);
  return callModel(p, at, '__tlb_invalidate', [t.decay(stringOf(at, operation)), operand]);
}

/** A call of what stands for the instruction, where the architecture has it. */
function callModel(p: Parser, at: Token, name: string, args: readonly Expression[]): Expression {
  const found = p.scope.find(name);
  if (found?.kind !== 'function') throw unsupported(at);
  const callee = noteUse(p, { kind: 'function', at, type: found.type, name });
  return { kind: 'call', at, type: found.type.result, callee, args };
}

function unsupported(at: Token): TranslateError {
  return new TranslateError('inline assembly', at);
}
