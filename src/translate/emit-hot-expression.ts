// SPDX-License-Identifier: GPL-2.0-only
import type { PlainInstruction } from '../base/wasm-module.ts';
import type { U64 } from '../base/u64.ts';
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { hotBuiltin, hotCall } from './emit-hot-call.ts';
import { valueType, type HotEmitter } from './emit-hot-function.ts';
import { loadFrom, loadSlot, storeTo } from './emit-hot-memory.ts';
import { emitHotStatements } from './emit-hot-statement.ts';
import type { Expression } from './syntax.ts';

type Of<Kind extends Expression['kind']> = Expression & { readonly kind: Kind };

/** Leaves the expression's value: an i32 within the range of its C type, or an i64; nothing for void. A struct's value is its address. */
export function hotValue(f: HotEmitter, e: Expression): void {
  switch (e.kind) {
    case 'number':
      return constant(f, e.value, e.type, e);
    case 'string':
    case 'compound':
      return hotAddress(f, e);
    case 'variable':
    case 'deref':
    case 'member':
      return load(f, e);
    case 'function':
      return void f.code.i64(f.names.functionAddress(e.name));
    case 'address':
      return e.of.type.kind === 'function' ? hotValue(f, e.of) : hotAddress(f, e.of);
    case 'unary':
      return unary(f, e);
    case 'binary':
      return binary(f, e);
    case 'logical':
      return logical(f, e);
    case 'conditional':
      return conditional(f, e, true);
    case 'comma':
      hotEffect(f, e.left);
      return hotValue(f, e.right);
    case 'assign':
      return assign(f, e, true);
    case 'update':
      return update(f, e, true);
    case 'old':
      return f.olds.at(-1)!();
    case 'cast':
      return cast(f, e);
    case 'call':
      return hotCall(f, e);
    case 'builtin':
      return hotBuiltin(f, e);
    case 'statements':
      return emitHotStatements(f, e.block, e.type.kind !== 'void');
  }
}

/** The expression for its effects only. */
export function hotEffect(f: HotEmitter, e: Expression): void {
  switch (e.kind) {
    case 'assign':
      return assign(f, e, false);
    case 'update':
      return update(f, e, false);
    case 'comma':
      hotEffect(f, e.left);
      return hotEffect(f, e.right);
    case 'cast':
      return hotEffect(f, e.operand);
    case 'statements':
      return emitHotStatements(f, e.block, false);
    case 'conditional':
      if (e.yes !== undefined) return conditional(f, e, false);
      break;
    case 'number':
      return;
    default:
  }
  hotValue(f, e);
  if (e.type.kind !== 'void') f.code.op('drop');
}

/** Leaves 1 or 0. */
export function hotCondition(f: HotEmitter, e: Expression): void {
  const { code } = f;
  if (e.kind === 'unary' && e.operator === '!') {
    hotCondition(f, e.operand);
    code.op('i32.eqz');
    return;
  }
  if (e.kind === 'logical') return logical(f, e);
  if (e.kind === 'comma') {
    hotEffect(f, e.left);
    return hotCondition(f, e.right);
  }
  hotValue(f, e);
  if (isComparison(e)) return;
  if (valueType(e.type) === 'i64') code.i64(0).op('i64.ne');
  else if (!(c.isInteger(e.type) && e.type.bool === true)) code.i32(0).op('i32.ne');
}

function isComparison(e: Expression): boolean {
  return e.kind === 'binary' && ['==', '!=', '<', '<='].includes(e.operator);
}

function constant(f: HotEmitter, value: U64, type: CType, e: Expression): void {
  if (type.kind === 'descriptor' && value !== 0) f.unsupported('a constant entry', e.at);
  if (type.kind === 'void') return;
  if (valueType(type) === 'i64') f.code.i64(value);
  else f.code.i32(Number(value));
}

// ── objects ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Leaves the address of an object, or of a struct value. */
export function hotAddress(f: HotEmitter, e: Expression): void {
  const { code } = f;
  switch (e.kind) {
    case 'variable': {
      if (e.variable.storage === 'static') return void code.i64(f.names.staticAddress(e.variable));
      const slot = f.slotOf(e.variable);
      if (slot === undefined) return f.unsupported('the address of no object', e.at);
      return void code.get(slot.address);
    }
    case 'deref':
      return hotValue(f, e.pointer);
    case 'member':
      hotAddress(f, e.base);
      if (e.offset !== 0) code.i64(e.offset).op('i64.add');
      return;
    case 'string':
      return f.stringAddress(e.bytes, e.at);
    default:
      return f.unsupported(`the address of \`${e.kind}\``, e.at);
  }
}

function load(f: HotEmitter, e: Of<'variable'> | Of<'deref'> | Of<'member'>): void {
  if (e.type.kind === 'struct' || e.type.kind === 'array') return hotAddress(f, e);
  if (e.kind === 'variable' && !e.variable.inMemory) return f.readLocal(e.variable);
  if (!c.isScalar(e.type)) f.unsupported('a value of that type', e.at);
  if (e.kind === 'member' && e.member.bits !== undefined) f.unsupported('a bit-field', e.at);
  if (e.kind === 'variable' && loadSlot(f, e)) return;
  hotAddress(f, e);
  loadFrom(f, e.type);
}

function refuseBits(f: HotEmitter, e: Expression): void {
  if (e.kind === 'member' && e.member.bits !== undefined) f.unsupported('a bit-field', e.at);
}

function assign(f: HotEmitter, { target, value, at }: Of<'assign'>, wanted: boolean): void {
  const { code } = f;
  refuseBits(f, target);
  if (target.type.kind === 'struct') {
    if (wanted) f.unsupported('a struct assignment as a value', at);
    hotAddress(f, target);
    hotValue(f, value);
    code.i32(c.sizeOf(target.type) ?? 0);
    code.call(f.names.imported('mem', 'copy', ['pointer', 'pointer', 'int'], undefined));
    return;
  }
  if (target.kind === 'variable' && !target.variable.inMemory) {
    hotValue(f, value);
    const local = f.localOf(target.variable);
    if (wanted) code.tee(local);
    else code.set(local);
    f.wrote(target.variable);
    return;
  }
  hotAddress(f, target);
  hotValue(f, value);
  if (!wanted) return storeTo(f, target.type);
  const kept = f.temporary(valueType(target.type));
  code.tee(kept);
  storeTo(f, target.type);
  code.get(kept);
}

function update(f: HotEmitter, { target, combine, yields }: Of<'update'>, wanted: boolean): void {
  const { code } = f;
  refuseBits(f, target);
  const type = valueType(target.type);
  const before = f.temporary(type);
  const after = f.temporary(type);
  const combined = (): void => {
    f.olds.push(() => code.get(before));
    hotValue(f, combine);
    f.olds.pop();
    code.tee(after);
  };
  if (target.kind === 'variable' && !target.variable.inMemory) {
    f.readLocal(target.variable);
    code.set(before);
    combined();
    code.set(f.localOf(target.variable));
    f.wrote(target.variable);
  } else {
    const address = f.temporary('i64');
    hotAddress(f, target);
    code.tee(address);
    loadFrom(f, target.type);
    code.set(before).get(address);
    combined();
    storeTo(f, target.type);
  }
  if (wanted) code.get(yields === 'before' ? before : after);
}

// ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────

function unary(f: HotEmitter, e: Of<'unary'>): void {
  const { code } = f;
  if (e.operator === '!') return hotCondition(f, e);
  if (!c.isInteger(e.type)) f.unsupported(`\`${e.operator}\` of that type`, e.at);
  const type = valueType(e.type);
  if (e.operator === '~') {
    hotValue(f, e.operand);
    if (type === 'i64') code.i64(-1).op('i64.xor');
    else code.i32(-1).op('i32.xor');
    return;
  }
  if (type === 'i64') code.i64(0);
  else code.i32(0);
  hotValue(f, e.operand);
  code.op(`${type as 'i32' | 'i64'}.sub`);
}

/** Both of a pair, each of the type that is expected of it. */
function operands(f: HotEmitter, e: Of<'binary'>): void {
  if (valueType(e.left.type) !== valueType(e.right.type)) f.unsupported('operands of two widths', e.at);
  hotValue(f, e.left);
  hotValue(f, e.right);
}

function binary(f: HotEmitter, e: Of<'binary'>): void {
  const { code } = f;
  const { operator } = e;
  if (isComparison(e)) return comparison(f, e);
  if (operator === 'pointer+' || operator === 'pointer-') {
    hotValue(f, e.left);
    widened(f, e.right);
    const size = e.left.type.kind === 'pointer' ? (c.sizeOf(e.left.type.to) ?? 1) : 1;
    if (size !== 1) code.i64(size).op('i64.mul');
    code.op(operator === 'pointer+' ? 'i64.add' : 'i64.sub');
    return;
  }
  if (operator === 'pointer-difference') {
    hotValue(f, e.left);
    hotValue(f, e.right);
    code.op('i64.sub');
    const size = e.left.type.kind === 'pointer' ? (c.sizeOf(e.left.type.to) ?? 1) : 1;
    if (size !== 1) code.i64(size).op('i64.div_s');
    return;
  }
  if (!c.isInteger(e.type)) f.unsupported(`\`${operator}\` of that type`, e.at);
  const { unsigned } = e.type;
  const type = valueType(e.type) as 'i32' | 'i64';
  if (operator === '<<' || operator === '>>') return shift(f, e, type, unsigned);
  if (operator === '/' || operator === '%') return division(f, e, type, unsigned);
  operands(f, e);
  code.op(`${type}.${simple[operator as keyof typeof simple]}` as PlainInstruction);
}

const simple = { '+': 'add', '-': 'sub', '*': 'mul', '&': 'and', '|': 'or', '^': 'xor' } as const;

function comparison(f: HotEmitter, e: Of<'binary'>): void {
  operands(f, e);
  const type = valueType(e.left.type);
  const unsigned = !c.isInteger(e.left.type) || e.left.type.unsigned;
  const names = { '==': 'eq', '!=': 'ne', '<': unsigned ? 'lt_u' : 'lt_s', '<=': unsigned ? 'le_u' : 'le_s' };
  f.code.op(`${type}.${names[e.operator as keyof typeof names]}` as PlainInstruction);
}

/** A value of any integer type as 64 bits. */
function widened(f: HotEmitter, e: Expression): void {
  hotValue(f, e);
  if (valueType(e.type) === 'i64') return;
  const isUnsigned = c.isInteger(e.type) && e.type.unsigned;
  f.code.op(isUnsigned ? 'i64.extend_i32_u' : 'i64.extend_i32_s');
}

/** A shift by the width, or by less than nothing, is a fault. */
function shift(f: HotEmitter, e: Of<'binary'>, type: 'i32' | 'i64', unsigned: boolean): void {
  const { code } = f;
  const width = type === 'i64' ? 64 : 32;
  if (valueType(e.left.type) !== type) f.unsupported('operands of two widths', e.at);
  hotValue(f, e.left);
  const known = e.right.kind === 'number' && typeof e.right.value === 'number' ? e.right.value : undefined;
  if (known !== undefined && known >= 0 && known < width) {
    if (type === 'i64') code.i64(known);
    else code.i32(known);
  } else {
    const count = f.temporary('i64');
    widened(f, e.right);
    code.tee(count).i64(width).op('i64.ge_u');
    code.if(undefined, () =>
      code.call(f.names.imported('rt', 'shiftFault', [], undefined)).op('unreachable'),
    );
    code.get(count);
    if (type === 'i32') code.op('i32.wrap_i64');
  }
  code.op(`${type}.${e.operator === '<<' ? 'shl' : unsigned ? 'shr_u' : 'shr_s'}`);
}

/** Division by zero is a fault; the least number by -1 is itself, where the machine would trap. */
function division(f: HotEmitter, e: Of<'binary'>, type: 'i32' | 'i64', unsigned: boolean): void {
  const { code } = f;
  const isQuotient = e.operator === '/';
  operands(f, e);
  const instruction = `${type}.${isQuotient ? 'div' : 'rem'}_${unsigned ? 'u' : 's'}` as PlainInstruction;
  if (e.right.kind === 'number' && e.right.value !== 0 && e.right.value !== -1) {
    code.op(instruction);
    return;
  }
  const [left, right] = [f.temporary(type), f.temporary(type)];
  code.set(right).set(left).get(right).op(`${type}.eqz`);
  code.if(undefined, () => code.call(f.names.imported('rt', 'divideFault', [], undefined)).op('unreachable'));
  const divide = (): void => void code.get(left).get(right).op(instruction);
  if (unsigned || !isQuotient) return divide();
  const number = (value: number): void => void (type === 'i64' ? code.i64(value) : code.i32(value));
  code.get(right);
  number(-1);
  code.op(`${type}.eq`);
  code.if(
    type,
    () => {
      number(0);
      code.get(left).op(`${type}.sub`);
    },
    divide,
  );
}

function logical(f: HotEmitter, e: Expression): void {
  if (e.kind !== 'logical') return hotCondition(f, e);
  const { code } = f;
  hotCondition(f, e.left);
  // What the right side assigns is not certain to have happened.
  const before = f.assigned.copy();
  const right = (): void => hotCondition(f, e.right);
  if (e.operator === '&&') code.if('i32', right, () => code.i32(0));
  else code.if('i32', () => code.i32(1), right);
  f.assigned = before;
}

function conditional(f: HotEmitter, e: Of<'conditional'>, wanted: boolean): void {
  const { code } = f;
  const isValue = wanted && e.type.kind !== 'void';
  const type = isValue ? valueType(e.type) : undefined;
  const branch = (side: Expression) => (): void => {
    const before = f.assigned.copy();
    if (isValue && valueType(side.type) !== type) f.unsupported('sides of two widths', e.at);
    if (isValue) hotValue(f, side);
    else hotEffect(f, side);
    f.assigned = before;
  };
  if (e.yes !== undefined) {
    hotCondition(f, e.condition);
    code.if(type, branch(e.yes), branch(e.no));
    return;
  }
  if (type === undefined || valueType(e.condition.type) !== type) f.unsupported('`?:` of two widths', e.at);
  const kept = f.temporary(type);
  hotValue(f, e.condition);
  code.tee(kept);
  if (type === 'i64') code.i64(0).op('i64.ne');
  code.if(type, () => code.get(kept), branch(e.no));
}

function cast(f: HotEmitter, e: Of<'cast'>): void {
  const { operand, type } = e;
  if (type.kind === 'void') return hotEffect(f, operand);
  if (c.isInteger(type) && type.bool === true) return hotCondition(f, operand);
  hotValue(f, operand);
  convert(f, operand.type, type, e);
}

/** The value on the stack from one scalar type to another. */
function convert(f: HotEmitter, from: CType, to: CType, e: Expression): void {
  const { code } = f;
  if (from.kind === 'struct' || to.kind === 'struct') {
    if (from.kind !== to.kind) f.unsupported('a struct as something else', e.at);
    return;
  }
  const [isWide, becomesWide] = [valueType(from) === 'i64', valueType(to) === 'i64'];
  if (isWide && becomesWide) return;
  if (becomesWide) {
    code.op(c.isInteger(from) && from.unsigned ? 'i64.extend_i32_u' : 'i64.extend_i32_s');
    return;
  }
  if (isWide) code.op('i32.wrap_i64');
  const { size, unsigned } = to as c.IntegerType;
  if (size === 4) return;
  if (unsigned) code.i32(size === 1 ? 0xff : 0xffff).op('i32.and');
  else code.op(size === 1 ? 'i32.extend8_s' : 'i32.extend16_s');
}
