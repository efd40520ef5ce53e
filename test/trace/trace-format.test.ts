// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBig } from '../../src/base/u64.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { readTrace, writeTrace } from '../../src/trace/trace-format.ts';
import { arm64, pageKernel, VMALLOC, x86 } from './small-machines.ts';

const integer = fc
  .integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .map((value) => value + 0);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(fromBig);
const flush = { kind: fc.constant('tlb-flush' as const), start: integer, end: integer, local: fc.boolean() };
const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('table-write' as const),
    cpu: fc.nat(7),
    level: fc.constantFrom('pgd' as const, 'pud' as const, 'pmd' as const, 'pte' as const),
    addr: fc.option(integer, { nil: undefined }),
    table: fc.nat(),
    index: fc.nat(511),
    before: u64,
    after: u64,
  }),
  fc.record({ ...flush, scope: fc.constantFrom('range' as const, 'all' as const) }),
  fc.record({ kind: fc.constant('return' as const), operation: fc.nat(9), value: u64, error: fc.nat(200) }),
  fc.record({
    kind: fc.constant('operation' as const),
    operation: fc.nat(9),
    cpu: fc.nat(3),
    name: fc.string(),
    intent: fc.record({
      kind: fc.constant('map' as const),
      addr: integer,
      size: fc.nat(),
      pages: fc.array(fc.record({ pfn: fc.nat(), count: fc.nat(), bad: fc.constant('null' as const) })),
      prot: u64,
      maxShift: fc.nat(30),
      legal: fc.boolean(),
    }),
  }),
  fc.record({
    kind: fc.constant('warn' as const),
    call: fc.constant('WARN' as const),
    condition: fc.string(),
  }),
);

describe('a saved trace', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const { value, diagnostics } = readTrace([...writeTrace({ machine: arm64, events })], 't');
        expect(diagnostics).toEqual([]);
        expect(value).toEqual({ machine: arm64, events });
      }),
    );
  });

  it('carries its machine', () => {
    expect(readTrace(writeTrace({ machine: x86, events: [] }), 't').value?.machine).toEqual(x86);
  });

  it('looks as its documentation says', () => {
    const write: TraceEvent = {
      kind: 'table-write',
      cpu: 0,
      level: 'pte',
      addr: undefined,
      table: 0x40010,
      index: 1,
      before: 0,
      after: pageKernel(x86),
    };
    expect([...writeTrace({ machine: x86, events: [write] })][1]).toBe(
      '{"kind":"table-write","cpu":0,"level":"pte","addr":null,"table":262160,"index":1,"before":"0x0","after":"0x8000000000000163"}',
    );
  });
});

describe('damaged traces', () => {
  const lines = [
    ...writeTrace({
      machine: arm64,
      events: [{ kind: 'fuel' }, { kind: 'walk', level: 'pgd', addr: VMALLOC }],
    }),
  ];
  const codes = (input: Iterable<string>): string[] =>
    readTrace(input, 't').diagnostics.map(({ code }) => code);

  it.each<[string, string[], string]>([
    ['an empty file', [], 'trace/empty'],
    ['another file', ['#!/bin/sh'], 'trace/not-json'],
    ['JSON without a header', ['{"kind":"fuel"}'], 'trace/no-header'],
    ['a later format', ['{"rewalkTrace":2,"machine":{}}'], 'trace/version'],
    ['a machine without levels', ['{"rewalkTrace":1,"machine":{"name":"m"}}'], 'trace/machine'],
  ])('%s', (_name, input, code) => {
    const { value, diagnostics } = readTrace(input, 'file.trace');
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.code).toBe(code);
    expect(diagnostics[0]?.where?.file).toBe('file.trace');
  });

  it('leaves out a line that is cut off, and tells which', () => {
    const { value, diagnostics } = readTrace([...lines.slice(0, 2), lines[2]!.slice(0, 20)], 't');
    expect(value?.events).toEqual([{ kind: 'fuel' }]);
    expect(diagnostics.map(({ where }) => where?.line)).toEqual([3]);
  });

  it('leaves out events that it does not know, or of levels that the machine has not', () => {
    expect(codes([lines[0]!, '{"kind":"teleport"}'])).toEqual(['trace/event']);
    expect(codes([lines[0]!, '{"kind":"fuel","extra":1}'])).toEqual(['trace/event']);
    expect(codes([lines[0]!, '{"kind":"walk","level":"p4d","addr":0}'])).toEqual(['trace/event']);
    expect(codes([lines[0]!, '{"kind":"walk","level":"pte","addr":1.5}'])).toEqual(['trace/event']);
  });

  it('is bounded in events, lines and diagnostics', () => {
    const limits = { events: 1, line: 10_000, diagnostics: 2 };
    expect(readTrace(lines, 't', limits).value?.events).toHaveLength(1);
    expect(readTrace([lines[0]!, 'x'.repeat(20_000)], 't', limits).diagnostics[0]?.code).toBe(
      'trace/line-too-long',
    );
    const many = readTrace([lines[0]!, '1', '2', '3', '4'], 't', limits).diagnostics;
    expect(many.map(({ message }) => message).at(-1)).toBe('2 more lines could not be read');
    expect(many).toHaveLength(3);
  });
});
