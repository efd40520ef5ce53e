// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { invariantNamed, invariants } from '../../src/invariants/invariant-list.ts';
import { judge } from '../../src/invariants/judge.ts';
import { arm64, VMALLOC, x86 } from '../trace/small-machines.ts';
import { mapIntent, PAGE, traceOn } from './trace-on.ts';

const four = mapIntent(arm64, { addr: VMALLOC, pages: [{ pfn: 0x50000, count: 4 }] });

describe('judge', () => {
  it('finds nothing in what an unfinished operation left', () => {
    const builder = traceOn(arm64)
      .op('vmap_pages_range', four)
      .map('pte', VMALLOC, 0x50000, { count: 16, contiguous: true });
    for (const { exercised, violations } of judge(builder.trace).values()) {
      expect(exercised).toBe(0);
      expect(violations).toEqual([]);
    }
  });

  it('stops at a fault: what follows in the scenario is no finding', () => {
    const builder = traceOn(arm64)
      .op('vmap_pages_range', four)
      .event({ kind: 'fault', fault: 'null', access: 'read', addr: 8, size: 8 })
      .op('vmap_pages_range', four)
      .returns();
    const broken = [...judge(builder.trace)].filter(([, { violations }]) => violations.length > 0);
    expect(broken.map(([id]) => id)).toEqual(['mem/valid']);
  });

  it('leaves out what cannot be broken on the machine, and what no trace can tell', () => {
    expect(judge(traceOn(arm64).trace).has('flush/sync')).toBe(false);
    expect(judge(traceOn(x86).trace).has('flush/sync')).toBe(true);
    expect(judge(traceOn(x86).trace).has('bbm')).toBe(false);
    expect(judge(traceOn(arm64).trace).has('bisect')).toBe(false);
  });

  it('tells the operation and the events of a violation', () => {
    const { trace } = traceOn(arm64)
      .op('other', { kind: 'other' })
      .returns()
      .op('vmap_pages_range', four)
      .map('pte', VMALLOC, 0x50000, { count: 3 })
      .map('pte', VMALLOC + 3 * PAGE, 0x50000)
      .cacheVmap(VMALLOC, VMALLOC + 4 * PAGE)
      .returns();
    const write = [...trace.events].findLastIndex((event) => event.kind === 'table-write');
    expect(judge(trace).get('map/exact')?.violations).toEqual([
      {
        invariant: 'map/exact',
        severity: 'bug',
        operation: 1,
        key: 'wrong-page',
        event: write,
        related: [4],
        addr: VMALLOC + 3 * PAGE,
        expected: 'page 3: pfn 0x50003 at 0xffff800080003000',
        seen: 'pfn 0x50000 (4 KiB pte leaf)',
      },
    ]);
  });
});

describe('the list of invariants', () => {
  it.each(invariants.map((invariant) => [invariant.id, invariant] as const))(
    '%s is documented and tested',
    (id, invariant) => {
      expect(existsSync(`src/invariants/${id}.ts`)).toBe(true);
      for (const text of ['title', 'promise', 'source', 'why', 'example', 'limits'] as const) {
        expect(invariant[text].length).toBeGreaterThan(5);
      }
      expect(invariantNamed(id)).toBe(invariant);
      if (invariant.begin === undefined) return;
      const fixtures = readFileSync(`test/invariants/${id}.test.ts`, 'utf8');
      expect(fixtures).toMatch(/ good_/);
      expect(fixtures).toMatch(/ bad_/);
    },
  );

  it('names each once', () => {
    expect(new Set(invariants.map(({ id }) => id)).size).toBe(invariants.length);
  });
});
