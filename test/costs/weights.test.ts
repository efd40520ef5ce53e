// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countKinds, noCounts } from '../../src/costs/count.ts';
import { totalOf, weigh } from '../../src/costs/weights.ts';
import { tableFor, tableNamed, usualTable, weightTables } from '../../src/costs/weights/table-list.ts';
import { machines } from '../../src/model/machines/machine-list.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/costs.md'), 'utf8');
const kinds = countKinds.filter((kind) => kind !== 'broadcast');
/** The part of the page under a table's name. */
const sectionOf = (name: string): string =>
  docs.split(/^### /m).find((part) => part.startsWith(`\`${name}\``)) ?? '';

describe.each(weightTables)('the weights $name', (table) => {
  it('have a figure and a source for everything that is counted', () => {
    expect(Object.keys(table.weights).toSorted()).toEqual(kinds.toSorted());
    for (const { cycles, source } of Object.values(table.weights)) {
      expect(cycles).toBeGreaterThanOrEqual(0);
      expect(source.length).toBeGreaterThanOrEqual(8);
    }
    for (const { ns, source } of Object.values(table.between)) {
      expect(ns).toBeGreaterThan(0);
      expect(source.length).toBeGreaterThanOrEqual(8);
    }
    expect(table.clock.source).not.toBe('');
    expect(table.flush.source).not.toBe('');
  });

  it('are data: they survive being written as JSON', () => {
    const { machines: _pattern, ...data } = table;
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('are those of docs/costs.md', () => {
    const section = sectionOf(table.name);
    for (const kind of kinds) {
      const { cycles, source } = table.weights[kind];
      expect(section).toContain(`| \`${kind}\` | ${cycles} | ${source} |`);
    }
    for (const [name, { ns, source }] of Object.entries(table.between)) {
      expect(section).toContain(`| ${name} | ${ns} ns | ${source} |`);
    }
    expect(section).toContain(`${table.clock.ghz} GHz (${table.clock.source})`);
    expect(section).toContain(table.flush.source);
  });

  it('weigh each kind by itself: ten times as much costs ten times as much', () => {
    for (const kind of countKinds) {
      const one = totalOf(weigh({ ...noCounts(), [kind]: 1 }, table, table.cpus));
      const ten = totalOf(weigh({ ...noCounts(), [kind]: 10 }, table, table.cpus));
      expect(ten).toBeCloseTo(10 * one, 6);
    }
  });
});

it('a table is found by name, by what a claim calls its machine, and by architecture', () => {
  expect(tableNamed('opteron')?.arch).toBe('x86');
  expect(tableNamed('none')).toBeUndefined();
  expect(tableFor('RK3588 8-core ARM64 SoC, with tasks pinned to a little core')?.name).toBe('cortex-a55');
  expect(tableFor('an 4 core 2 socket opteron')?.name).toBe('opteron');
  expect(tableFor('2-node POWER9')).toBeUndefined();
  for (const machine of machines.filter(({ arch }) => arch !== 'riscv')) {
    expect(usualTable(machine)?.arch).toBe(machine.arch);
  }
});
