// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION } from '../base/descriptor.ts';
import { cells, MOST_ARGUMENTS } from '../base/hot-layout.ts';
import { fromBig, type U64 } from '../base/u64.ts';
import {
  WasmCode,
  type Callable,
  type FunctionSignature,
  type ValueType,
  type WasmModule,
} from '../base/wasm-module.ts';
import type { Crossing } from '../translate/emit-hot-function.ts';
import type { KernelFunction } from './runtime.ts';

// How calls cross between hot code and JavaScript (docs/decisions/0011-hot-code.md). All that is a plain number crosses as one:
// the engine makes an object of each 64-bit integer that it passes. What is none lies in a cell, and NaN crosses.

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** As hot code has it. */
function inside(each: Crossing): ValueType {
  return each === 'int' || each === 'uint' ? 'i32' : 'i64';
}

/** As it crosses. */
function across(each: Crossing): ValueType {
  return each === 'int' ? 'i32' : 'f64';
}

function mayBeLarge(each: Crossing): boolean {
  return each === 'long' || each === 'descriptor';
}

/** A function of the module that calls one of JavaScript's. @param name of the import */
export function writeCallOut(
  module: WasmModule,
  name: string,
  parameters: readonly Crossing[],
  result: Crossing | undefined,
): Callable {
  const imported = module.import(name, {
    parameters: parameters.map(across),
    // What returns a number of 32 bits converts it as C does.
    result: result === undefined ? undefined : inside(result) === 'i32' ? 'i32' : 'f64',
  });
  const code = new WasmCode(`call ${name}`, {
    parameters: parameters.map(inside),
    result: result === undefined ? undefined : inside(result),
  });
  for (const [i, each] of parameters.entries()) pushOut(code, each, i);
  code.call(imported);
  if (result !== undefined && inside(result) === 'i64') takeIn(code, result);
  return module.add(code);
}

/** The argument in local `i`, converted. */
function pushOut(code: WasmCode, each: Crossing, i: number): void {
  code.get(i);
  if (each === 'int') return;
  if (each === 'uint') code.op('f64.convert_i32_u');
  else if (each === 'pointer') code.op('f64.convert_i64_s');
  else convertOut(code, each, cells.arguments + 8 * i);
}

/** The 64 bits on the stack as a number, or NaN and the bits in a cell. */
function convertOut(code: WasmCode, each: Crossing, cell: number): void {
  const value = code.local('i64');
  if (each === 'descriptor') code.i64(DESCRIPTOR_ROTATION).op('i64.rotl');
  code
    .tee(value)
    .i64(LARGEST)
    .op('i64.add')
    .i64(2n * LARGEST)
    .op('i64.gt_u');
  code.if(
    'f64',
    () => code.i32(0).get(value).at('i64.store', cell).f64(Number.NaN),
    () => code.get(value).op('f64.convert_i64_s'),
  );
}

/** The number on the stack as 64 bits. */
function takeIn(code: WasmCode, each: Crossing): void {
  if (mayBeLarge(each)) {
    const number = code.local('f64');
    code.tee(number).get(number).op('f64.ne');
    code.if(
      'i64',
      () => code.i32(0).at('i64.load', cells.result),
      () => code.get(number).truncate(),
    );
  } else {
    code.truncate();
  }
  if (each === 'descriptor') code.i64(DESCRIPTOR_ROTATION).op('i64.rotr');
}

/** What JavaScript calls of a function of the module. */
export function writeCallIn(
  module: WasmModule,
  name: string,
  to: Callable,
  parameters: readonly Crossing[],
  result: Crossing | undefined,
): void {
  const signature: FunctionSignature = {
    parameters: parameters.map((each) => (inside(each) === 'i32' ? 'i32' : 'f64')),
    result: result === undefined ? undefined : inside(result) === 'i32' ? 'i32' : 'f64',
  };
  const code = new WasmCode(`enter ${name}`, signature);
  for (const [i, each] of parameters.entries()) {
    code.get(i);
    if (inside(each) === 'i32') continue;
    // Only plain numbers come in.
    code.truncate();
    if (each === 'descriptor') code.i64(DESCRIPTOR_ROTATION).op('i64.rotr');
  }
  code.call(to);
  if (result === 'pointer') code.op('f64.convert_i64_s');
  else if (result !== undefined && mayBeLarge(result)) convertOut(code, result, cells.result);
  module.export(name, module.add(code));
}

/** What lies in the kernel's memory for hot code, kept equal to what JavaScript has of its own at each crossing. */
export interface Crossed {
  /** Hot code has stopped: what it counted is JavaScript's again. */
  leave(): void;
  /** Hot code begins, or goes on. */
  enter(): void;
  /** Hot code was left by what was thrown. @param frame where the stack ended when it was entered */
  unwind(frame: number): void;
  frame(): number;
  /** Somebody wants to know who calls, or there is no log to write rows for. */
  isCold(): boolean;
  readonly large: BigInt64Array;
}

const RESULT = cells.result / 8;

type Maker = (
  fn: KernelFunction,
  crossed: Crossed,
  largeAt: (cell: number) => U64,
  keep: (value: U64) => number,
) => KernelFunction;
const makers = new Map<string, Maker>();

/** What may stand in a comment, wherever it comes from. */
function wordsOf(key: string): string {
  return key.replaceAll(/[^\w ]/g, '');
}

/** @param text with numbers of parameters only, and names of functions in a comment */
function maker(text: string): Maker {
  let made = makers.get(text);
  if (made === undefined) {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- one wrapper a function: else all calls meet in one place
    made = new Function('fn', 'crossed', 'largeAt', 'keep', text) as Maker;
    makers.set(text, made);
  }
  return made;
}

/** What the module imports for a function of JavaScript. @param key tells functions apart that the engine should not mix up */
export function importFor(
  key: string,
  fn: KernelFunction,
  crossed: Crossed,
  parameters: readonly Crossing[],
  result: Crossing | undefined,
): KernelFunction {
  const names = parameters.map((_, i) => `a${i}`);
  const args = parameters.map((each, i) =>
    mayBeLarge(each) ? `a${i} === a${i} ? a${i} : largeAt(${cells.arguments / 8 + i})` : `a${i}`,
  );
  const value = result !== undefined && mayBeLarge(result) ? `typeof r === 'number' ? r : keep(r)` : 'r';
  const body = `crossed.leave(); const r = fn(${args.join(', ')}); crossed.enter(); return ${value};`;
  const text = `/* ${wordsOf(key)} */ return (${names.join(', ')}) => { ${body} };`;
  return maker(text)(fn, crossed, ...largeValues(crossed));
}

/** What JavaScript calls: hot code, unless it cannot take what it is given. @param cold the same function as JavaScript */
export function entryFor(
  key: string,
  fn: KernelFunction,
  cold: KernelFunction,
  crossed: Crossed,
  parameters: readonly Crossing[],
  result: Crossing | undefined,
): KernelFunction {
  const names = parameters.map((_, i) => `a${i}`);
  const list = names.join(', ');
  const large = names
    .filter((_, i) => mayBeLarge(parameters[i]!))
    .map((name) => ` || typeof ${name} !== 'number'`);
  const value =
    result === 'uint'
      ? 'r >>> 0'
      : result !== undefined && mayBeLarge(result)
        ? `r === r ? r : largeAt(${RESULT})`
        : 'r';
  const text = `/* ${wordsOf(key)} */ const [hot, cold] = fn; return (${list}) => {
    if (crossed.isCold()${large.join('')}) return cold(${list});
    const frame = crossed.frame();
    crossed.enter();
    let r;
    try { r = hot(${list}); } catch (error) { crossed.unwind(frame); throw error; }
    crossed.leave();
    return ${value};
  };`;
  return maker(text)([fn, cold] as unknown as KernelFunction, crossed, ...largeValues(crossed));
}

function largeValues({ large }: Crossed): [(cell: number) => U64, (value: U64) => number] {
  const keep = (value: U64): number => {
    large[RESULT] = BigInt.asIntN(64, BigInt(value));
    return Number.NaN;
  };
  return [(cell) => fromBig(large[cell]!), keep];
}

/** 64-bit cells that calls use. */
export const LARGE_CELLS = cells.arguments / 8 + MOST_ARGUMENTS;
