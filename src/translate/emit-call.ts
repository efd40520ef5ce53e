// SPDX-License-Identifier: GPL-2.0-only
import type { PrintedForm, TextInPlace } from '../base/in-place-form.ts';
import type { CType, IntegerType, PointerType } from './c-type.ts';
import { isInteger } from './c-type.ts';
import { emitCondition, emitValue } from './emit-expression.ts';
import { REPEATABLE, type FunctionEmitter } from './emit-function.ts';
import { emitName } from './emit-names.ts';
import type { Expression } from './syntax.ts';
import { TranslateError } from './token.ts';

/** The parameter of emitted functions that takes what stands for `...`. */
export const VARIABLE_ARGUMENTS = 'rest$';

type Call = Expression & { readonly kind: 'call' };

/** A call, in place where its function has a form for that. */
export function emitCall(f: FunctionEmitter, e: Call): TextInPlace {
  const name = calledName(e);
  if (name === undefined) {
    const args = [e.callee, ...e.args].map((arg) => emitValue(f, arg));
    return { value: `(rt.call(${args.join(', ')})${f.typed(resultCast(e.type))})` };
  }
  const form = f.formInPlace(name);
  if (form !== undefined && (form.asksTruth !== true || tellsTruth(e.args))) {
    return printInPlace(f, name, form, e.args);
  }
  const args = e.args.map((arg) => emitValue(f, arg));
  f.callsInLoop ||= f.inLoop > 0;
  return { value: plainCall(f, name, args) };
}

function calledName({ callee }: Call): string | undefined {
  const named = callee.kind === 'address' ? callee.of : callee;
  return named.kind === 'function' ? named.name : undefined;
}

function plainCall(f: FunctionEmitter, name: string, args: readonly string[]): string {
  return `${f.functionName(name)}(${args.join(', ')})`;
}

function resultCast(type: CType): string {
  if (type.kind === 'void') return '';
  return type.kind === 'integer' && type.size < 8 ? ' as number' : type.kind === 'pointer' ? ' as Ptr' : '';
}

/** As the macros of warnings call: `!!(condition)`, then texts. */
function tellsTruth([truth, ...others]: readonly Expression[]): boolean {
  return truth?.kind === 'unary' && truth.operator === '!' && others.every(isText);
}

function isText(e: Expression): boolean {
  if (e.kind === 'address') return isText(e.of);
  return e.kind === 'string' || (e.kind === 'cast' && isText(e.operand));
}

/** Means the same once the others, which follow it, were evaluated. */
function isFixed(text: string, others: readonly string[]): boolean {
  return REPEATABLE.test(text) && !others.some((other) => other.includes(`${text} = `));
}

function printInPlace(
  f: FunctionEmitter,
  name: string,
  form: PrintedForm,
  args: readonly Expression[],
): TextInPlace {
  const by = {
    call: (...texts: string[]) => plainCall(f, name, texts),
    shortcut: (...texts: string[]) => `${f.shortcut(name)}($k, ${texts.join(', ')})`,
    temporary: () => f.temporary(),
  };
  if (form.asksTruth === true) {
    const [truth, ...others] = args as [Expression, ...Expression[]];
    return form.print([emitCondition(f, truth), ...others.map((arg) => emitValue(f, arg))], by);
  }
  const texts = args.map((arg) => emitValue(f, arg));
  const kept = texts.map((text, i) => (isFixed(text, texts.slice(i + 1)) ? text : f.temporary()));
  const keeping = kept.flatMap((each, i) => (each === texts[i] ? [] : [`${each} = ${texts[i]}`]));
  const text = form.print(kept, by);
  if (keeping.length === 0) return text;
  const before = keeping.join(', ');
  return 'condition' in text
    ? { condition: `(${before}, ${text.condition})` }
    : { value: `(${before}, ${text.value})` };
}

/** A call of what the compiler itself knows. */
export function emitBuiltin(f: FunctionEmitter, e: Expression & { readonly kind: 'builtin' }): string {
  if (e.name === '__builtin_unreachable') return 'rt.unreachable()';
  if (e.name === 'variableArguments') return `rt.variableArguments(${VARIABLE_ARGUMENTS})`;
  if (e.name.endsWith('_overflow')) {
    const [left, right, pointer] = e.args as [Expression, Expression, Expression];
    const to = (pointer.type as PointerType).to as IntegerType;
    if ([left.type, right.type, to].some((type) => isInteger(type) && type.size > 8))
      throw new TranslateError(`\`${e.name}\` of 128 bits`, e.at);
    const signs = [left, right].map((arg) =>
      String(isInteger(arg.type) && arg.type.unsigned && arg.type.size === 8),
    );
    const operator = e.name.slice('__builtin_'.length, -'_overflow'.length);
    const operands = [left, right, pointer].map((arg) => emitValue(f, arg)).join(', ');
    return `rt.overflow('${operator}', ${operands}, ${to.size}, ${to.unsigned}, ${signs.join(', ')})`;
  }
  return `rt.${emitName(e.name.replace('__builtin_', ''))}(${e.args.map((arg) => emitValue(f, arg)).join(', ')})`;
}
