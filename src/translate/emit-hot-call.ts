// SPDX-License-Identifier: GPL-2.0-only
import { MOST_ARGUMENTS } from '../base/hot-layout.ts';
import { pointerTo, VOID } from './c-type.ts';
import { crossing, valueType, type HotEmitter } from './emit-hot-function.ts';
import { hotCondition, hotValue } from './emit-hot-expression.ts';
import { loadFrom } from './emit-hot-memory.ts';
import type { Expression } from './syntax.ts';

const POINTER = pointerTo(VOID);

type Call = Expression & { readonly kind: 'call' };

/** A call, with its form in place where it has one for hot code; leaves the result. */
export function hotCall(f: HotEmitter, e: Call): void {
  const named = e.callee.kind === 'address' ? e.callee.of : e.callee;
  if (named.kind !== 'function') return f.unsupported('a call through a pointer', e.at);
  if (e.type.kind === 'unknown' || e.type.kind === 'struct')
    f.unsupported('a call that gives no scalar', e.at);
  const { name } = named;
  if (name === '__warn_on' || name === '__bug_on') return report(f, e, name);
  const form = f.names.form(name);
  if (form === undefined) {
    for (const arg of e.args) hotValue(f, arg);
    return reach(f, e, name);
  }
  const args = e.args.map((arg) => {
    hotValue(f, arg);
    const kept = f.temporary(valueType(arg.type));
    f.code.set(kept);
    return kept;
  });
  const call = (): void => {
    for (const arg of args) f.code.get(arg);
    reach(f, e, name);
  };
  const pointerIn = (variable: string, tag: string, field: string): void => {
    f.code.i64(f.names.fieldAddress(variable, tag, field));
    loadFrom(f, POINTER);
  };
  const isTruth = form({ code: f.code, helpers: f.names.helpers, args, pointerIn, call }) === true;
  if (isTruth && valueType(e.type) === 'i64') f.code.op('i64.extend_i32_u');
}

/** The arguments are on the stack. */
function reach(f: HotEmitter, e: Call, name: string): void {
  if (e.args.length > MOST_ARGUMENTS) f.unsupported('so many arguments', e.at);
  f.places.push({ byte: f.code.bytes.length, at: e.at });
  const callee = f.names.callee(name);
  const types = e.args.map((arg) => valueType(arg.type));
  if (callee.kind === 'hot') {
    const { parameters } = callee.to.signature;
    if (parameters.join() === types.join()) {
      f.code.call(callee.to);
      return;
    }
  }
  const crossings = e.args.map((arg) => crossing(arg.type));
  f.code.call(f.names.imported('k', name, crossings, e.type.kind === 'void' ? undefined : crossing(e.type)));
}

/** `__warn_on(!!(condition), text)`: only a condition that holds is told of. Leaves its truth, or nothing where nobody asks. */
function report(f: HotEmitter, e: Call, name: string): void {
  const { code } = f;
  const [truth, ...others] = e.args as [Expression, ...Expression[]];
  const holds = f.temporary('i32');
  hotCondition(f, truth);
  code.tee(holds);
  code.if(undefined, () => {
    code.i32(1);
    for (const other of others) hotValue(f, other);
    const crossings = others.map((other) => crossing(other.type));
    f.places.push({ byte: code.bytes.length, at: e.at });
    code.call(f.names.imported('k', name, ['int', ...crossings], undefined));
  });
  if (e.type.kind !== 'void') code.get(holds);
}

/** A call of what the compiler itself knows. */
export function hotBuiltin(f: HotEmitter, e: Expression & { readonly kind: 'builtin' }): void {
  const plain = /^__builtin_((?:ctz|clz|ffs|popcount)l{0,2})$/.exec(e.name);
  if (plain === null) return f.unsupported(`\`${e.name}\``, e.at);
  for (const arg of e.args) hotValue(f, arg);
  const crossings = e.args.map((arg) => crossing(arg.type));
  f.code.call(f.names.imported('rt', plain[1]!, crossings, crossing(e.type)));
}
