// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bitsOfDescriptor, descriptorFromBits } from '../../src/base/descriptor.ts';
import { highHalf, lowHalf, type U64 } from '../../src/base/u64.ts';
import { EventLog } from '../../src/trace/event-log.ts';
import { levelNames } from '../../src/trace/level-names.ts';
import type { TableWriteEvent, TraceEvent } from '../../src/trace/events.ts';
import type { TracedTable } from '../../src/trace/traced-table.ts';

const tables: readonly TracedTable[] = [
  { level: 'pgd', pfn: 0x41000, first: -(2 ** 48), entrySize: 2 ** 39, lowerHalf: 256 },
  { level: 'pte', pfn: 0x41001, first: -(2 ** 47), entrySize: 4096, lowerHalf: 0 },
  { level: 'pte', pfn: 0x41001, first: undefined, entrySize: 4096, lowerHalf: 0 },
];

interface Store {
  readonly cpu: number;
  readonly table: TracedTable;
  readonly index: number;
  readonly before: bigint;
  readonly after: bigint;
}

/** A store of any 64 bits over any 64 bits, or another event; some of both are alike. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    cpu: fc.nat(1),
    table: fc.constantFrom(...tables),
    index: fc.constantFrom(0, 1, 255, 256, 511),
    before: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    after: fc.oneof(fc.constant(0x68000050000713n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  }),
  fc.constantFrom<TraceEvent>({ kind: 'fuel' }, { kind: 'barrier', name: 'isb' }),
  fc.record({
    kind: fc.constant('walk' as const),
    level: fc.constantFrom(...levelNames),
    addr: fc.maxSafeInteger(),
  }),
);
type Step = Store | TraceEvent;

function told(log: EventLog, each: Step): TraceEvent {
  if ('kind' in each) {
    if (each.kind === 'walk') log.walk(levelNames.indexOf(each.level), each.addr);
    else log.emit(each);
    return each;
  }
  const { cpu, table, index } = each;
  const [before, after] = [each.before, each.after].map((bits) => descriptorFromBits(bits)) as [U64, U64];
  const halves = (entry: U64): [number, number] => {
    const bits = bitsOfDescriptor(entry);
    return [highHalf(bits), lowHalf(bits)];
  };
  log.tableWrite(cpu, table, index, ...halves(before), ...halves(after));
  const start = index < table.lowerHalf ? 0 : table.first;
  const addr = start === undefined ? undefined : start + index * table.entrySize;
  const event: TableWriteEvent = {
    kind: 'table-write',
    cpu,
    level: table.level,
    addr,
    table: table.pfn,
    index,
    before,
    after,
  };
  return event;
}

describe('a log of events', () => {
  it('gives back every event, stores of any bits included', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const log = new EventLog();
        const expected = steps.map((each) => told(log, each));
        expect(log.slice()).toEqual(expected);
        expect([...log]).toEqual(expected);
        expect(log.at(-1)).toEqual(expected.at(-1));
        expect(log.at(steps.length)).toBeUndefined();
        expect(log.slice(3)).toEqual(expected.slice(3));
      }),
    );
  });

  it('equals another that holds the same events, whatever objects told them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 4 }), fc.array(step, { maxLength: 4 }), (left, right) => {
        const [one, other] = [new EventLog(), new EventLog()];
        const ours = left.map((each) => told(one, each));
        const theirs = right.map((each) => told(other, structuredClone(each)));
        expect(one.equals(other)).toBe(isDeepStrictEqual(ours, theirs));
        const copy = new EventLog();
        for (const each of left) told(copy, structuredClone(each));
        expect(one.equals(copy)).toBe(true);
      }),
    );
  });

  it('holds what it is told, whatever it is expected to be like', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.array(step, { maxLength: 6 }), (known, steps) => {
        const like = new EventLog();
        for (const each of known) told(like, each);
        const log = new EventLog(like);
        const half = steps.length >> 1;
        const expected = steps.slice(0, half).map((each) => told(log, structuredClone(each)));
        log.finish();
        expected.push(...steps.slice(half).map((each) => told(log, structuredClone(each))));
        expect([...log]).toEqual(expected);
        expect(log.equals(like)).toBe(isDeepStrictEqual(expected, [...like]));
      }),
    );
  });

  it('knows from one another stores that differ in one thing', () => {
    const store = { cpu: 0, table: tables[1]!, index: 1, before: 0n, after: 0x713n };
    const others: Store[] = [
      { ...store, cpu: 1 },
      { ...store, table: tables[2]! },
      { ...store, index: 2 },
      { ...store, before: 1n << 63n },
      { ...store, after: 0x713n + (1n << 40n) },
    ];
    const logOf = (...steps: Step[]): EventLog => {
      const log = new EventLog();
      for (const each of steps) told(log, each);
      return log;
    };
    for (const other of others) expect(logOf(store, store).equals(logOf(store, other))).toBe(false);
  });

  it('is empty after clear(), and takes events again', () => {
    const log = new EventLog();
    const store = { cpu: 0, table: tables[1]!, index: 1, before: 0n, after: 0x713n };
    for (let i = 0; i < 100; i++) told(log, store);
    log.clear();
    expect([...log]).toEqual([]);
    const event = told(log, { ...store, index: 7 });
    expect([...log]).toEqual([event]);
  });
});
