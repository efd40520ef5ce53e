// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { differingKinds, firstDifference } from '../../src/trace/behaviour.ts';
import type { Intent } from '../../src/trace/events.ts';
import { behaviourOf } from '../../src/trace/run-behaviour.ts';
import { KIB64, PAGE, traceOn, type TraceBuilder } from '../invariants/trace-on.ts';
import { arm64, pageKernel } from './small-machines.ts';

const START = arm64.addresses.vmallocStart;
const PFN = 0x50000;

const mapIntent: Intent = {
  kind: 'map',
  size: KIB64,
  pages: [{ pfn: PFN, count: 16 }],
  prot: pageKernel(arm64),
  maxShift: 12,
  legal: true,
};

/** A vmap() of 64 KiB at an address, with its area. */
function mapped(fill: (trace: TraceBuilder) => TraceBuilder, at = START): string {
  const trace = fill(traceOn(arm64).op('vmap', mapIntent));
  return behaviourOf(trace.returns({ value: at, addr: at }).area(at, KIB64 + PAGE, 'VM_MAP').trace);
}

const plain = mapped((trace) => trace.map('pte', START, PFN, { count: 16 }).cacheVmap(START, START + KIB64));

describe('what a run did, compared', () => {
  it('is the same for the same events', () => {
    const again = mapped((trace) =>
      trace.map('pte', START, PFN, { count: 16 }).cacheVmap(START, START + KIB64),
    );
    expect(differingKinds(plain, again)).toEqual([]);
    expect(firstDifference(plain, again, 'translation')).toBeUndefined();
  });

  it('tells the order of stores from what they leave behind', () => {
    const backwards = mapped((trace) => {
      for (let page = 15; page >= 0; page--) trace.map('pte', START + page * PAGE, PFN + page);
      return trace.cacheVmap(START, START + KIB64);
    });
    expect(differingKinds(plain, backwards)).toEqual(['step']);
  });

  it('does not mind where an area lies, but tells it', () => {
    const at = START + 4 * KIB64;
    const moved = mapped((trace) => trace.map('pte', at, PFN, { count: 16 }).cacheVmap(at, at + KIB64), at);
    expect(differingKinds(plain, moved)).toEqual(['address', 'step']);
  });

  it('tells other frames, other attributes and other leaves', () => {
    const flush = (trace: TraceBuilder): TraceBuilder => trace.cacheVmap(START, START + KIB64);
    const shifted = mapped((trace) => flush(trace.map('pte', START, PFN + 1, { count: 16 })));
    const contiguous = mapped((trace) =>
      flush(trace.map('pte', START, PFN, { count: 16, contiguous: true })),
    );
    expect(differingKinds(plain, shifted)).toEqual(['translation']);
    expect(firstDifference(plain, shifted, 'translation')).toEqual({
      operation: 0,
      call: 'vmap',
      before: '',
      after: '',
    });
    expect(firstDifference(plain, contiguous, 'translation')).toEqual({
      operation: 0,
      call: 'vmap',
      before: '16 pte set',
      after: '16 pte set contiguous',
    });
  });

  it('tells what a counter shows behind a call, but not that it is zero', () => {
    const counting = (value: number): string => {
      const trace = traceOn(arm64).op('vfree', { kind: 'other' }).returns();
      return behaviourOf(trace.event({ kind: 'counter', name: 'vmalloc pages', value }).trace);
    };
    const silent = behaviourOf(traceOn(arm64).op('vfree', { kind: 'other' }).returns().trace);
    expect(differingKinds(silent, counting(0))).not.toContain('result');
    expect(firstDifference(counting(0), counting(-1), 'result')).toEqual({
      operation: 0,
      call: 'vfree',
      before: '',
      after: '-1 vmalloc pages',
    });
  });

  it('tells what was flushed from the number of flushes', () => {
    const twice = mapped((trace) =>
      trace
        .map('pte', START, PFN, { count: 16 })
        .cacheVmap(START, START + PAGE)
        .cacheVmap(START + PAGE, START + KIB64),
    );
    const none = mapped((trace) => trace.map('pte', START, PFN, { count: 16 }));
    expect(differingKinds(plain, twice)).toEqual(['flush-count', 'step']);
    expect(differingKinds(plain, none)).toEqual(['flush', 'flush-count', 'step']);
    expect(firstDifference(plain, none, 'flush')).toEqual({
      operation: 0,
      call: 'vmap',
      before: 'flush_cache_vmap [#0+0x0..#0+0x10000)',
      after: '',
    });
  });

  it("tells an error, and takes the allocator's pages for alike", () => {
    const taken = (pfn: number, error: number): string =>
      behaviourOf(
        traceOn(arm64)
          .op('vmalloc', { kind: 'map', size: PAGE, prot: pageKernel(arm64), maxShift: 12, legal: true })
          .event({ kind: 'page', change: 'alloc', pfn, order: 0 })
          .map('pte', START, pfn)
          .returns(error === 0 ? { value: START, addr: START } : { error }).trace,
      );
    expect(differingKinds(taken(0x40000, 0), taken(0x41000, 0))).toEqual([]);
    expect(firstDifference(taken(0x40000, 0), taken(0x40000, 12), 'result')).toEqual({
      operation: 0,
      call: 'vmalloc',
      before: 'an address',
      after: '-ENOMEM',
    });
  });
});
