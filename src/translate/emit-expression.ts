// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { arithmetic, comparison, conversion, storeText } from './emit-arithmetic.ts';
import { emitBuiltin, emitCall } from './emit-call.ts';
import type { FunctionEmitter } from './emit-function.ts';
import {
  loadBehindParameter,
  loadElement,
  loadHere,
  storeBehindParameter,
  storeHere,
} from './emit-memory.ts';
import { emitStatements } from './emit-statement-expression.ts';
import type { Expression, Initialiser } from './syntax.ts';
import { TranslateError } from './token.ts';

/** The expression as a TypeScript expression for its value; a struct's value is its address. */
export function emitValue(f: FunctionEmitter, e: Expression): string {
  switch (e.kind) {
    case 'number':
      return constant(e);
    case 'string':
    case 'compound':
      return emitAddress(f, e);
    case 'variable':
    case 'deref':
    case 'member':
      return load(f, e);
    case 'function':
      return f.functionAddress(e.name);
    case 'address':
      return e.of.type.kind === 'function' ? emitValue(f, e.of) : emitAddress(f, e.of);
    case 'unary':
      return emitUnary(f, e);
    case 'binary':
      return emitBinary(f, e);
    case 'logical':
      return `(${emitCondition(f, e)} ? 1 : 0)`;
    case 'conditional':
      return emitConditional(f, e);
    case 'comma':
      return `(${emitEffect(f, e.left)}, ${emitValue(f, e.right)})`;
    case 'assign':
      return emitAssign(f, e, true);
    case 'update':
      return emitUpdate(f, e, true);
    case 'old':
      return f.oldValue();
    case 'cast':
      return emitCast(f, e);
    case 'call': {
      const text = emitCall(f, e);
      return 'value' in text ? text.value : `(${text.condition} ? 1 : 0)`;
    }
    case 'builtin':
      return emitBuiltin(f, e);
    case 'statements':
      return emitStatements(f, e, true);
  }
}

/** The expression for its effects only. */
export function emitEffect(f: FunctionEmitter, e: Expression): string {
  switch (e.kind) {
    case 'assign':
      return emitAssign(f, e, false);
    case 'update':
      return emitUpdate(f, e, false);
    case 'comma':
      return `(${emitEffect(f, e.left)}, ${emitEffect(f, e.right)})`;
    case 'cast':
      return emitEffect(f, e.operand);
    case 'statements':
      return emitStatements(f, e, false);
    case 'call': {
      const text = emitCall(f, e);
      return 'value' in text ? text.value : text.condition;
    }
    case 'conditional':
      if (e.yes === undefined) return emitValue(f, e);
      return `(${emitCondition(f, e.condition)} ? ${branch(f, e.yes, emitEffect)} : ${branch(f, e.no, emitEffect)})`;
    default:
      return e.type.kind === 'unknown' ? 'undefined' : emitValue(f, e);
  }
}

/** The expression as a JavaScript boolean. */
export function emitCondition(f: FunctionEmitter, e: Expression): string {
  if (e.kind === 'unary' && e.operator === '!') return negated(emitCondition(f, e.operand));
  if (e.kind === 'logical') {
    const left = emitCondition(f, e.left);
    // What the right side assigns is not certain to have happened.
    const before = f.assigned.copy();
    const right = emitCondition(f, e.right);
    f.assigned = before;
    return `(${left} ${e.operator} ${right})`;
  }
  if (e.kind === 'binary' && c.isInteger(e.type) && isComparison(e.operator)) {
    return `(${comparison(e.operator, e.left.type, emitValue(f, e.left), emitValue(f, e.right))})`;
  }
  if (e.kind === 'cast' && c.isInteger(e.type)) {
    const from = e.operand.type;
    const keepsTruth =
      e.type.bool === true || !c.isInteger(from)
        ? e.type.kind === 'integer' && (e.type.bool === true || e.type.size === 8)
        : from.size <= e.type.size;
    if (keepsTruth && from.kind !== 'unknown') return emitCondition(f, e.operand);
  }
  if (e.kind === 'comma') return `(${emitEffect(f, e.left)}, ${emitCondition(f, e.right)})`;
  if (e.kind === 'call') {
    const text = emitCall(f, e);
    return 'value' in text ? `(${text.value} !== 0)` : `(${text.condition})`;
  }
  return `(${emitValue(f, e)} !== 0)`;
}

function negated(condition: string): string {
  return condition.startsWith('!') ? condition.slice(1) : `!${condition}`;
}

function isComparison(operator: string): boolean {
  return operator === '==' || operator === '!=' || operator === '<' || operator === '<=';
}

function constant(e: Expression & { kind: 'number' }): string {
  const text = typeof e.value === 'bigint' ? `${e.value}n` : String(e.value);
  const named = e.origin === undefined ? text : `${text} /* ${e.origin.replaceAll('*/', '')} */`;
  return text.startsWith('-') || e.origin !== undefined ? `(${named})` : named;
}

/** A value that is certainly a JavaScript number: 32 bits, a small constant, or one widened. */
export function isSmall(e: Expression): boolean {
  if (e.kind === 'number') return typeof e.value === 'number';
  if (c.isInteger(e.type) && e.type.size < 8) return true;
  return e.kind === 'cast' && (e.operand.type.kind === 'pointer' || isSmall(e.operand));
}

// ── objects ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The address of an object, or of a struct value. */
function emitAddress(f: FunctionEmitter, e: Expression): string {
  switch (e.kind) {
    case 'variable':
      if (!e.variable.inMemory) throw new TranslateError(`address of \`${e.variable.name}\``, e.at);
      return e.variable.storage === 'static' ? f.staticAddress(e.variable) : f.localName(e.variable);
    case 'deref':
      return emitValue(f, e.pointer);
    case 'member':
      return plus(emitAddress(f, e.base), e.offset, e.member.name);
    case 'string':
      return f.stringAddress(e.bytes);
    case 'compound': {
      const address = f.localName(e.variable);
      return `(${[`mem.fill(${address}, 0, ${c.sizeOf(e.type) ?? 0})`, ...e.stores.map((s) => emitStore(f, address, s)), address].join(', ')})`;
    }
    default:
      if (e.type.kind === 'struct') return emitValue(f, e);
      throw new TranslateError('address of what is no object', e.at);
  }
}

function plus(base: string, offset: number, name: string | undefined): string {
  const label = name === undefined ? '' : ` /* .${name} */`;
  if (offset === 0) return name === undefined ? base : `${base}${label}`;
  const nested = /^(.*?) \+ (\d+)( \/\* [.\w]+ \*\/)$/s.exec(base);
  if (nested !== null && !nested[1]!.includes(' ')) {
    return `${nested[1]} + ${Number(nested[2]) + offset}${nested[3]!.slice(0, -3)}.${name ?? ''} */`;
  }
  return `${base} + ${offset}${label}`;
}

function load(f: FunctionEmitter, e: Expression): string {
  if (e.type.kind === 'struct' || e.type.kind === 'array') return emitAddress(f, e);
  if (e.kind === 'variable' && !e.variable.inMemory) return f.readLocal(e.variable);
  if (!c.isScalar(e.type)) throw new TranslateError(`value of type \`${c.typeText(e.type)}\``, e.at);
  return loadElement(f, e) ?? loadFrom(f, e, emitAddress(f, e));
}

/** What the object, which may be a bit-field, holds at its address. */
function loadFrom(f: FunctionEmitter, e: Expression, address: string): string {
  if (!isBitField(e)) return loadBehindParameter(f, e) ?? loadHere(f, e.type, address);
  const { start, width } = e.member.bits;
  return `rt.loadBits(${address}, ${isUnsigned(e.type)}, ${start}, ${width})`;
}

type BitField = Expression & { readonly kind: 'member'; readonly member: { readonly bits: object } };

function isBitField(e: Expression): e is BitField & { readonly member: Required<c.Member> } {
  return e.kind === 'member' && e.member.bits !== undefined;
}

function isUnsigned(type: CType): boolean {
  return type.kind !== 'integer' || type.unsigned;
}

export function emitStore(f: FunctionEmitter, base: string, store: Initialiser): string {
  const address = plus(base, store.offset, store.member?.name);
  if (store.type.kind === 'struct') {
    return `mem.copy(${address}, ${emitValue(f, store.value)}, ${c.sizeOf(store.type) ?? 0})`;
  }
  const value = emitValue(f, store.value);
  if (store.member?.bits !== undefined) {
    const { start, width } = store.member.bits;
    return `rt.storeBits(${address}, ${start}, ${width}, ${value})`;
  }
  return storeText(store.type, address, value);
}

function emitAssign(f: FunctionEmitter, e: Expression & { kind: 'assign' }, wanted: boolean): string {
  const { target, value } = e;
  if (target.type.kind === 'struct') {
    const to = wanted ? f.temporary() : '';
    const size = c.sizeOf(target.type) ?? 0;
    if (!wanted) return `mem.copy(${emitAddress(f, target)}, ${emitValue(f, value)}, ${size})`;
    return `(${to} = ${emitAddress(f, target)}, mem.copy(${to}, ${emitValue(f, value)}, ${size}), ${to})`;
  }
  if (target.kind === 'variable' && !target.variable.inMemory) {
    const text = `${f.localName(target.variable)} = ${emitValue(f, value)}`;
    f.assigned.add(target.variable);
    return wanted ? `(${text})` : text;
  }
  const address = emitAddress(f, target);
  const stored = emitValue(f, value);
  if (!wanted) return storeTo(f, target, address, stored);
  const keptAddress = f.temporary();
  if (isBitField(target)) {
    // The value is what the field can hold of it.
    return `(${keptAddress} = ${address}, ${storeTo(f, target, keptAddress, stored)}, ${loadFrom(f, target, keptAddress)})`;
  }
  const kept = f.temporary();
  return `(${keptAddress} = ${address}, ${kept} = ${stored}, ${storeTo(f, target, keptAddress, kept)}, ${kept})`;
}

function storeTo(f: FunctionEmitter, target: Expression, address: string, value: string): string {
  if (isBitField(target)) {
    const { start, width } = target.member.bits;
    return `rt.storeBits(${address}, ${start}, ${width}, ${value})`;
  }
  return storeBehindParameter(f, target, value) ?? storeHere(f, target.type, address, value);
}

const SIMPLE_ADDRESS = /^[\w$]+( \+ \d+)?( \/\* [.\w]+ \*\/)?$/;

function emitUpdate(f: FunctionEmitter, e: Expression & { kind: 'update' }, wanted: boolean): string {
  const { target, combine, yields } = e;
  if (target.kind === 'variable' && !target.variable.inMemory) {
    const name = f.localName(target.variable);
    const text = `${name} = ${f.withOld(f.readLocal(target.variable), () => emitValue(f, combine))}`;
    f.assigned.add(target.variable);
    if (!wanted) return text;
    if (yields === 'after') return `(${text})`;
    const before = f.temporary();
    return `(${before} = ${name}, ${text}, ${before})`;
  }
  let address = emitAddress(f, target);
  let prefix = '';
  if (!SIMPLE_ADDRESS.test(address)) {
    const kept = f.temporary();
    prefix = `${kept} = ${address}, `;
    address = kept;
  }
  const old = f.temporary();
  const result = f.temporary();
  const read = loadFrom(f, target, address);
  if (!wanted) {
    const value = f.withOld(read, () => emitValue(f, combine));
    return prefix === ''
      ? storeTo(f, target, address, value)
      : `(${prefix}${storeTo(f, target, address, value)})`;
  }
  const value = f.withOld(old, () => emitValue(f, combine));
  const after = isBitField(target) ? loadFrom(f, target, address) : result;
  const yielded = yields === 'before' ? old : after;
  return `(${prefix}${old} = ${read}, ${result} = ${value}, ${storeTo(f, target, address, result)}, ${yielded})`;
}

// ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────

function emitUnary(f: FunctionEmitter, e: Expression & { kind: 'unary' }): string {
  if (e.operator === '!') return `(${emitCondition(f, e)} ? 1 : 0)`;
  const operand = emitValue(f, e.operand);
  if (!c.isInteger(e.type)) throw new TranslateError(`\`${e.operator}\` on \`${c.typeText(e.type)}\``, e.at);
  if (e.type.size === 16) {
    const by = e.operator === '-' ? `'-', 0, ${operand}` : `'^', -1, ${operand}`;
    return `rt.compute128(${by}, ${e.type.unsigned})`;
  }
  if (e.type.size === 8) return `${e.operator === '-' ? 'neg' : 'not'}(${operand})`;
  return `(${e.operator}${operand} ${e.type.unsigned ? '>>> 0' : '| 0'})`;
}

function emitBinary(f: FunctionEmitter, e: Expression & { kind: 'binary' }): string {
  if (e.left.type.kind === 'unknown' || e.right.type.kind === 'unknown') {
    // One side is a call that is not modelled: it never gives a value, the other side only has to be evaluated.
    return `(${emitValue(f, e.left)}, ${emitValue(f, e.right)})`;
  }
  if (isComparison(e.operator)) return `(${emitCondition(f, e)} ? 1 : 0)`;
  const low = maskedInPlace(f, e);
  if (low !== undefined) return low;
  const left = emitValue(f, e.left);
  if (e.operator === 'pointer+' || e.operator === 'pointer-') {
    const sign = e.operator === 'pointer+' ? '+' : '-';
    return `(${left} ${sign} ${scaled(f, e.right, pointee(e.left))})`;
  }
  const right = emitValue(f, e.right);
  if (e.operator === 'pointer-difference') {
    const size = pointee(e.left);
    return size === 1 ? `(${left} - ${right})` : `Math.trunc((${left} - ${right}) / ${size})`;
  }
  const type = e.type as c.IntegerType;
  if (f.isHot && type.size === 8 && (e.operator === '+' || e.operator === '-')) {
    return sumInPlace(f, e.operator, left, right);
  }
  return arithmetic(e.operator, type, left, right, e.right);
}

/** 64 bits of which a mask takes none but lower ones, so that the upper half need not be computed. */
function maskedInPlace(f: FunctionEmitter, e: Expression & { kind: 'binary' }): string | undefined {
  if (!f.isForEngine || e.operator !== '&' || !isLong(e) || e.right.kind !== 'number') return undefined;
  const mask = e.right.value;
  if (typeof mask !== 'number' || mask < 0 || mask > 0x7fffffff) return undefined;
  return `(${lowHalf(f, e.left)} & ${constant(e.right)})`;
}

/** A number with the lower 32 bits of a value of 64; the others may be any. */
function lowHalf(f: FunctionEmitter, e: Expression): string {
  if (e.kind === 'binary' && /^[&|^]$/.test(e.operator) && isLong(e.left) && isLong(e.right)) {
    return `(${lowHalf(f, e.left)} ${e.operator} ${lowHalf(f, e.right)})`;
  }
  const text = emitValue(f, e);
  return isSmall(e) ? text : `i32(${text})`;
}

function isLong({ type }: Expression): boolean {
  return c.isInteger(type) && type.size === 8;
}

/** A 64-bit sum or difference, where that is a plain number without a call. */
function sumInPlace(f: FunctionEmitter, operator: '+' | '-', left: string, right: string): string {
  const a = f.named(left);
  const b = f.named(right);
  const sum = f.temporary();
  const arePlain = [a.name, b.name]
    .filter((name) => !isPlain(name))
    .map((name) => `typeof ${name} === 'number'`);
  const isSum = `(${sum} = ${a.name} ${operator} ${b.name}) <= 9007199254740991 && ${sum} >= -9007199254740991`;
  const call = `${operator === '+' ? 'add' : 'sub'}(${a.name}, ${b.name})`;
  return `(${a.naming}${b.naming}${[...arePlain, isSum].join(' && ')} ? ${sum} : ${call})`;
}

/** A constant that is no big integer. */
function isPlain(name: string): boolean {
  return /^\(?-?\d+\b/.test(name);
}

function pointee(e: Expression): number {
  return (e.type.kind === 'pointer' ? c.sizeOf(e.type.to) : undefined) ?? 1;
}

function scaled(f: FunctionEmitter, count: Expression, size: number): string {
  if (count.kind === 'number' && typeof count.value === 'number') return `(${count.value * size})`;
  const text = emitValue(f, count);
  const number = isSmall(count) ? text : `index(${text})`;
  return size === 1 ? number : `${number} * ${size}`;
}

function emitConditional(f: FunctionEmitter, e: Expression & { kind: 'conditional' }): string {
  if (e.yes === undefined) {
    const kept = f.temporary();
    return `((${kept} = ${emitValue(f, e.condition)}) !== 0 ? ${kept} : ${branch(f, e.no, emitValue)})`;
  }
  return `(${emitCondition(f, e.condition)} ? ${branch(f, e.yes, emitValue)} : ${branch(f, e.no, emitValue)})`;
}

/** A part that may not be executed: what it assigns is not certain afterwards. */
function branch(
  f: FunctionEmitter,
  e: Expression,
  emit: (f: FunctionEmitter, e: Expression) => string,
): string {
  const before = f.assigned.copy();
  const text = emit(f, e);
  f.assigned = before;
  return `(${text})`;
}

function emitCast(f: FunctionEmitter, e: Expression & { kind: 'cast' }): string {
  const { operand, type } = e;
  if (type.kind === 'void') return `(${emitEffect(f, operand)}, undefined)`;
  if (operand.type.kind === 'unknown' || type.kind === 'unknown') return emitValue(f, operand);
  if (type.kind === 'integer' && type.bool === true) return `(${emitCondition(f, operand)} ? 1 : 0)`;
  return conversion(operand.type, type, emitValue(f, operand), isSmall(operand));
}
