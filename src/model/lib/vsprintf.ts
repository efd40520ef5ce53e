// SPDX-License-Identifier: GPL-2.0-only
import { toBigUnsigned, type U64 } from '../../base/u64.ts';
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

// lib/vsprintf.c: text into a buffer. Pointers, of whatever kind, are told as addresses.

/** @kernel lib/vsprintf.c snprintf @fidelity custom: pointers are told as addresses */
export function snprintf(k: Kernel, buf: Ptr, size: ByteCount, fmt: Ptr, ...args: U64[]): number {
  const text = new TextEncoder().encode(formatted(k, fmt, args));
  put(k, buf, size, text);
  return text.length;
}

/** @kernel lib/vsprintf.c scnprintf @fidelity custom: pointers are told as addresses */
export function scnprintf(k: Kernel, buf: Ptr, size: ByteCount, fmt: Ptr, ...args: U64[]): number {
  const text = new TextEncoder().encode(formatted(k, fmt, args));
  put(k, buf, size, text);
  return Math.min(text.length, Math.max(size - 1, 0));
}

/** @kernel lib/vsprintf.c sprintf @fidelity custom: pointers are told as addresses */
export function sprintf(k: Kernel, buf: Ptr, fmt: Ptr, ...args: U64[]): number {
  const text = new TextEncoder().encode(formatted(k, fmt, args));
  put(k, buf, text.length + 1, text);
  return text.length;
}

/** @kernel lib/kasprintf.c kasprintf @fidelity custom: pointers are told as addresses. Emits `alloc`. */
export function kasprintf(k: Kernel, gfp: number, fmt: Ptr, ...args: U64[]): Ptr {
  const text = new TextEncoder().encode(formatted(k, fmt, args));
  const buf = k.kmalloc(text.length + 1, gfp);
  if (buf !== 0) put(k, buf, text.length + 1, text);
  return buf;
}

/** As much as fits, and a NUL behind it. */
function put(k: Kernel, buf: Ptr, size: ByteCount, text: Uint8Array): void {
  if (size > 0) k.mem.write(buf, Uint8Array.from([...text.subarray(0, size - 1), 0]));
}

/** Flags, width, precision, length and the letter; a pointer's letter may have more behind it. */
const CONVERSION = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(hh|h|ll|l|z|t|j|L)?(p[A-Za-z0-9]*|[a-zA-Z%])/g;

/** Columns that one value may take. */
const WIDEST = 4096;

function formatted(k: Kernel, fmt: Ptr, args: readonly U64[]): string {
  let at = 0;
  const next = (): U64 => args[at++] ?? 0;
  const number = (text: string): number => Number(text === '*' ? next() : text);
  const replaced = (...[, flags, width, precision, length, letter]: (string | undefined)[]): string => {
    if (letter === '%') return '%';
    const columns = width === undefined ? 0 : number(width);
    const digits = precision === undefined ? undefined : number(precision);
    const form = { letter: letter!, flags: flags ?? '', digits, long: isLong(length) };
    return padded(textOf(k, next(), form), columns, flags ?? '', letter!);
  };
  return k.mem.string(fmt).replaceAll(CONVERSION, replaced as (whole: string) => string);
}

interface Form {
  readonly letter: string;
  readonly flags: string;
  /** The precision. */
  readonly digits: number | undefined;
  /** 64 bits instead of 32. */
  readonly long: boolean;
}

function isLong(length: string | undefined): boolean {
  return length !== undefined && !length.startsWith('h');
}

function textOf(k: Kernel, value: U64, { letter, flags, digits, long }: Form): string {
  if (letter === 's') {
    const text = value === 0 ? '(null)' : k.mem.string(Number(value));
    return digits === undefined ? text : text.slice(0, digits);
  }
  if (letter === 'c') return String.fromCodePoint(Number(value) & 0xff);
  if (letter.startsWith('p')) return toBigUnsigned(value).toString(16).padStart(16, '0');
  const bits = long ? 64 : 32;
  const isSigned = letter === 'd' || letter === 'i';
  const exact = isSigned ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value));
  const base = { x: 16, X: 16, o: 8 }[letter] ?? 10;
  const magnitude = (exact < 0n ? -exact : exact).toString(base).padStart(Math.min(digits ?? 0, WIDEST), '0');
  const sign = exact < 0n ? '-' : isSigned && flags.includes('+') ? '+' : '';
  const prefix = flags.includes('#') && base === 16 ? '0x' : '';
  const text = `${sign}${prefix}${magnitude}`;
  return letter === 'X' ? text.toUpperCase() : text;
}

function padded(text: string, width: number, flags: string, letter: string): string {
  const columns = Math.min(Math.abs(width), WIDEST);
  if (width < 0 || flags.includes('-')) return text.padEnd(columns);
  if (!flags.includes('0') || letter === 's' || letter === 'c') return text.padStart(columns);
  const [, before = '', digits = ''] = /^([-+]?(?:0x)?)(.*)$/s.exec(text) ?? [];
  return `${before}${digits.padStart(columns - before.length, '0')}`;
}
