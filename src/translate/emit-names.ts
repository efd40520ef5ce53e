// SPDX-License-Identifier: GPL-2.0-only
import type { CType } from './c-type.ts';

/** Words that mean something in the emitted language or to the emitted code's surroundings. */
const RESERVED = new Set([
  'arguments', 'async', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete',
  'do', 'else', 'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'get', 'if', 'implements',
  'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'of', 'package', 'private', 'protected', 'public',
  'return', 'set', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'var',
  'void', 'while', 'with', 'yield', 'NaN', 'Infinity', 'Math', 'Number', 'BigInt', 'Object', 'Array', 'String', 'Symbol',
  'globalThis', 'window', 'self', 'process', 'require', 'module', 'exports', 'constructor', 'prototype', '__proto__',
  'toString', 'valueOf', 'hasOwnProperty', 'as', 'any', 'number', 'string', 'boolean', 'Ptr', 'U64', 'Descriptor',
  // the runtime's own names
  'mem', 'add', 'sub', 'mul', 'and', 'or', 'xor', 'not', 'neg', 'shl', 'shr', 'sar', 'ult', 'ule', 'udiv', 'umod', 'sdiv',
  'smod', 'i32', 'u32', 'pointer', 'index', 'written', 'div32', 'mod32', 'divu32', 'modu32', 'count', 'divisor', 'frame',
  'strings', 'rt',
]); // prettier-ignore

/** The C name as emitted: itself, unless JavaScript or the runtime claims it. */
export function emitName(name: string): string {
  return RESERVED.has(name) ? `${name}$` : name;
}

/** The TypeScript type of a value of a C type. */
export function emitType(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'integer':
      return type.size >= 8 ? 'U64' : 'number';
    case 'descriptor':
      return 'Descriptor';
    case 'unknown':
      return 'U64';
    default:
      return 'Ptr';
  }
}
