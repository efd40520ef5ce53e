// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { whatTheyFollow } from '../../src/review-consequences.ts';
import type { Defect, MergedDefect } from '../../src/review-defects.ts';

/** A defect that patch 2 brings: by scenario, the event that shows it. */
function defect(
  invariant: string,
  events: Readonly<Record<number, number>>,
  {
    severity = 'bug',
    line = 10,
    patch = 2,
    stack = [{ function: 'f', file: 'mm/vmalloc.c' }],
    seen = '',
  } = {},
): MergedDefect {
  const found = {
    invariant,
    patch,
    repairedBy: undefined,
    kind: 'brought',
    scenarios: new Set(Object.keys(events).map(Number)),
    events: new Map(Object.entries(events).map(([scenario, event]) => [Number(scenario), event])),
    violation: { severity, where: { file: 'mm/vmalloc.c', line, function: 'f' }, stack, expected: '', seen },
  } as unknown as Defect;
  return { version: 1, label: 'v1', defect: found, on: [{ machine: 'm', defect: found }] };
}

const mapped = defect('map/exact', { 1: 5, 2: 5, 3: 5 });

describe('a defect follows from another of its patch', () => {
  it('where that goes before it in every scenario', () => {
    const leak = defect('leak', { 1: 9, 3: 8 }, { line: 20 });
    expect([...whatTheyFollow([leak, mapped])]).toEqual([[leak, mapped]]);
  });

  it('where both show in one event of one line, as the smaller', () => {
    const refused = defect('map/refuse', { 2: 5 });
    expect([...whatTheyFollow([refused, mapped])]).toEqual([[refused, mapped]]);
  });

  it('as the last of several from the first', () => {
    const leak = defect('leak', { 1: 9 }, { line: 20 });
    const warn = defect('warn', { 1: 7 }, { line: 30 });
    expect([...whatTheyFollow([leak, warn, mapped])]).toEqual([
      [leak, mapped],
      [warn, mapped],
    ]);
  });
});

describe('what calls leave behind when they return', () => {
  const left = (line: number, seen: string, scenario: number): MergedDefect =>
    defect('area/trees', { [scenario]: 9 }, { line, stack: [], seen });
  const most = defect('area/trees', { 1: 9, 2: 9 }, { line: 20, stack: [], seen: '0x1000 below 4' });

  it('is told once where it is the same but for numbers', () => {
    const other = left(30, '0x2000 below 5', 3);
    expect([...whatTheyFollow([other, most])]).toEqual([[other, most]]);
  });

  it('is told by itself where it is not', () => {
    expect(whatTheyFollow([left(30, 'nothing below 5', 3), most]).size).toBe(0);
    const inALine = defect('area/trees', { 3: 9 }, { line: 30, seen: '0x2000 below 5' });
    expect(whatTheyFollow([inALine, most]).size).toBe(0);
  });
});

describe('it stands by itself', () => {
  it.each([
    ['where one scenario shows it alone', defect('leak', { 1: 9, 4: 9 }, { line: 20 })],
    ['where it comes first', defect('leak', { 1: 4 }, { line: 20 })],
    ['where it shows in the same event elsewhere', defect('leak', { 1: 5 }, { line: 20 })],
    ['where another patch brings it', defect('leak', { 1: 9 }, { patch: 3 })],
  ])('%s', (_title, other) => {
    expect(whatTheyFollow([other, mapped]).size).toBe(0);
  });

  it('where only something less grave goes before it', () => {
    const cost = defect('leaf/largest', { 1: 2, 2: 2, 3: 2 }, { severity: 'cost', line: 20 });
    expect(whatTheyFollow([cost, mapped]).size).toBe(0);
  });
});
