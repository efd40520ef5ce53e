// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import { descriptorFromBits, type Descriptor } from '../base/descriptor.ts';
import { fromBig, type U64 } from '../base/u64.ts';
import type { TraceEvent } from './events.ts';
import type { Machine } from './machine.ts';

// What a line of a saved trace may hold: docs/trace-format.md. Numbers are exact; 64-bit values beyond that are text.

const integer = z.int();
const text = z.string().max(4096);
const levelName = z.enum(['pgd', 'p4d', 'pud', 'pmd', 'pte']);
const u64 = z.union([
  integer,
  z
    .string()
    .regex(/^0x[0-9a-f]{1,16}$/)
    .transform((digits): U64 => fromBig(BigInt(digits))),
]);
/** A page-table entry or protection: its 64 hardware bits. */
const descriptor = z
  .string()
  .regex(/^0x[0-9a-f]{1,16}$/)
  .transform((digits): Descriptor => descriptorFromBits(BigInt(digits)));
/** `null` in the file where TypeScript has `undefined`. */
const orUndefined = integer.nullable().transform((value) => value ?? undefined);

const pageRun = z.strictObject({
  pfn: integer,
  count: integer.nonnegative(),
  bad: z.enum(['null', 'invalid']).exactOptional(),
});

const askedOfArea = z.strictObject({
  bytes: integer,
  flagNames: z.array(text),
  from: integer.exactOptional(),
  to: integer.exactOptional(),
  caller: integer.exactOptional(),
  zeroed: z.literal(true).exactOptional(),
  alignShift: z.int().min(0).max(63).exactOptional(),
  gfp: text.exactOptional(),
});

const intent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('map'),
    addr: integer.exactOptional(),
    size: integer,
    pages: z.array(pageRun).exactOptional(),
    prot: descriptor,
    maxShift: integer,
    runs: z.literal(false).exactOptional(),
    legal: z.boolean(),
    asked: askedOfArea.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('take'), size: integer, asked: askedOfArea }),
  z.strictObject({ kind: z.literal('unmap'), addr: integer, size: integer }),
  z.strictObject({
    kind: z.literal('protect'),
    addr: integer,
    size: integer,
    change: z.enum(['ro', 'rw', 'nx', 'x', 'rox', 'valid', 'invalid']),
    beyond: z.literal(true).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('huge'),
    change: z.enum(['set', 'mark', 'read', 'clear', 'protect', 'access']),
    addr: integer,
    size: integer,
    pfn: integer,
    prot: descriptor,
    entry: descriptor.exactOptional(),
    legal: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('show'),
    addr: integer,
    size: integer,
    bytes: integer.exactOptional(),
    legal: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('resize'),
    addr: integer,
    size: integer,
    bytes: integer.exactOptional(),
    zeroed: z.literal(true).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('linear'), follows: z.boolean() }),
  z.strictObject({ kind: z.literal('ask'), answers: z.array(integer) }),
  z.strictObject({ kind: z.literal('other'), legal: z.literal(false).exactOptional() }),
]);

const what = z.enum(['object', 'table', 'stack', 'static']);

/** One event, strictly: an unknown field is an error, so that nothing is dropped in silence. */
export const eventSchema: z.ZodType<TraceEvent> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('operation'),
    operation: integer,
    cpu: integer,
    name: text,
    isStatic: z.literal(true).exactOptional(),
    context: z.literal('irq').exactOptional(),
    offer: integer.exactOptional(),
    atEnd: z.literal(true).exactOptional(),
    intent,
  }),
  z.strictObject({
    kind: z.literal('return'),
    operation: integer,
    value: u64,
    error: integer,
    addr: integer.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('area'),
    addr: integer,
    size: integer,
    flags: integer,
    flagNames: z.array(text),
    requestedSize: integer.exactOptional(),
    strayPages: integer.exactOptional(),
    caller: integer.exactOptional(),
    lastPageLost: z.literal(true).exactOptional(),
    displaced: z.literal(true).exactOptional(),
    notZero: z.literal(true).exactOptional(),
    contentsLost: z.literal(true).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('table-write'),
    cpu: integer,
    level: levelName,
    addr: orUndefined,
    table: integer,
    index: integer,
    before: descriptor,
    after: descriptor,
  }),
  z.strictObject({ kind: z.literal('walk'), level: levelName, addr: integer }),
  z.strictObject({
    kind: z.literal('alloc'),
    what,
    addr: integer,
    size: integer,
    name: text,
    level: levelName.exactOptional(),
    gfp: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('alloc-failure'),
    what: z.enum(['object', 'table', 'page', 'area']),
    name: text,
    order: integer.min(0).max(52).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('free'), what, addr: integer }),
  z.strictObject({
    kind: z.literal('page'),
    change: z.enum(['alloc', 'free']),
    pfn: integer,
    order: integer.min(0).max(52),
    gfp: text.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('page-given'), index: integer, pfn: integer }),
  z.strictObject({
    kind: z.literal('tlb-flush'),
    scope: z.enum(['range', 'all']),
    start: integer,
    end: integer,
    local: z.boolean(),
    bare: z.literal(true).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('cache-flush'),
    call: z.enum(['flush_cache_vmap', 'flush_cache_vunmap', 'flush_cache_all']),
    start: integer,
    end: integer,
  }),
  z.strictObject({ kind: z.literal('barrier'), name: text }),
  z.strictObject({
    kind: z.literal('lock'),
    change: z.enum(['acquire', 'release']),
    lock: integer,
    name: text,
  }),
  z.strictObject({
    kind: z.literal('tree'),
    change: z.enum(['insert', 'erase', 'read']),
    root: integer,
    name: text,
  }),
  z.strictObject({
    kind: z.literal('tree-state'),
    name: text,
    fault: z.enum(['order', 'list', 'shared', 'maximum', 'freed']),
    addr: integer,
    expected: u64,
    seen: u64,
  }),
  z.strictObject({ kind: z.literal('unreachable'), addr: integer }),
  z.strictObject({ kind: z.literal('released'), addr: integer, size: integer }),
  z.strictObject({ kind: z.literal('given-back'), addr: integer }),
  z.strictObject({ kind: z.literal('set-aside'), objects: z.array(integer).readonly() }),
  z.strictObject({ kind: z.literal('area-kept'), addr: integer, size: integer }),
  z.strictObject({ kind: z.literal('counter'), name: text, value: integer }),
  z.strictObject({ kind: z.literal('scope'), scope: text, change: z.enum(['enter', 'leave']) }),
  z.strictObject({ kind: z.literal('sync'), start: integer, end: integer }),
  z.strictObject({ kind: z.literal('warn'), call: z.enum(['WARN', 'BUG']), condition: text }),
  z.strictObject({
    kind: z.literal('fault'),
    fault: z.enum([
      'out-of-bounds',
      'use-after-free',
      'uninitialised',
      'null',
      'unmapped',
      'double-free',
      'bad-free',
      'shift',
      'divide',
    ]),
    access: z.enum(['read', 'write', 'none']),
    addr: integer,
    size: integer,
    object: z.strictObject({ name: text, addr: integer, size: integer }).exactOptional(),
    place: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('access'),
    access: z.enum(['read', 'write']),
    addr: integer,
    phys: integer,
  }),
  z.strictObject({ kind: z.literal('fuel') }),
]);

const shift = z.int().min(0).max(63);
const attributeBits = z.int().min(0).max(0x3ffffff);
const match = z.strictObject({ mask: attributeBits, value: z.union([attributeBits, z.literal('any')]) });

const level = z.strictObject({
  name: levelName,
  shift,
  entries: z.int().min(1).max(65536),
  leaf: match.exactOptional(),
  table: match.exactOptional(),
  contiguousEntries: z.int().min(1).max(65536).exactOptional(),
});

/** Levels must nest: each table covers what one entry of the level above does. The root may cover less. */
const levels = z
  .array(level)
  .min(1)
  .max(5)
  .refine(
    (list) =>
      list.every(
        (below, index) => index === 0 || 2 ** below.shift * below.entries === 2 ** list[index - 1]!.shift,
      ),
    'the levels do not fit into one another',
  );

export const machineSchema: z.ZodType<Machine> = z.strictObject({
  name: text,
  title: text,
  arch: z.enum(['arm64', 'x86', 'riscv']),
  pageShift: shift,
  levels,
  attributes: z.strictObject({
    valid: match,
    writable: match,
    executable: match,
    user: match,
    memoryType: attributeBits,
    contiguous: attributeBits,
    protection: attributeBits,
    pfnShift: z.int().min(0).max(32),
  }),
  splitsLive: z.boolean(),
  cachesVirtuallyIndexed: z.boolean(),
  syncMask: z.int().min(0),
  addresses: z.strictObject({
    pageOffset: integer,
    vmemmapStart: integer,
    vmallocStart: integer,
    vmallocEnd: integer,
    fixaddrTop: integer,
    ramStart: integer,
    ramPages: integer,
    heapStart: integer,
    heapSize: integer,
  }),
  config: z.record(text, z.union([z.string(), z.number(), z.boolean()])),
});
