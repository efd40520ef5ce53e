// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { applyFaultScript, isHarmless, type FaultTree } from '../../src/fault-script.ts';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { MemoryTree, openTree } from '../../src/ingest/source-tree.ts';
import { faultScripts } from './fault-scripts.ts';

const scripts = faultScripts();
const trees = [
  { on: 'embedded', path: 'fixtures/linux' },
  { on: '6.12', path: cachedKernel('6.12') },
] as const;

if (trees.some(({ path }) => path === undefined)) {
  console.warn('Linux 6.12 is not there (npm run kernel): whether faults apply to it is NOT tested');
}

describe.each(trees)('the faults for $on', ({ on, path }) => {
  it.skipIf(path === undefined && process.env['CI'] === undefined)('apply, each in one place', () => {
    const base = openTree(path!).value!;
    const refused = scripts.flatMap((script) => {
      const applied = applyFaultScript(script, on, base);
      return 'refused' in applied ? [`${script.name}: ${applied.refused}`] : [];
    });
    expect(refused).toEqual([]);
  });

  it('are enough, of many classes', () => {
    const own = scripts.filter(({ steps }) => steps[on] !== undefined);
    const faults = own.filter((script) => !isHarmless(script));
    expect(faults.length).toBeGreaterThanOrEqual(60);
    expect(own.length - faults.length).toBeGreaterThanOrEqual(20);
    expect(new Set(faults.map((fault) => fault.class)).size).toBeGreaterThanOrEqual(15);
  });
});

it('names are used once', () => {
  const names = scripts.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe('applying a script', () => {
  const base = new MemoryTree('tree', new Map([['a.c', 'int f(void)\n{\n\treturn 1 + 1;\n}\nint g;\n']]));
  const check = (step: object, expected: string): void => {
    const script = { name: 'x', class: 'y', why: 'z', steps: { embedded: [step as never] } };
    const applied = applyFaultScript(script, 'embedded' satisfies FaultTree, base);
    expect('tree' in applied ? applied.tree.read('a.c')!.split('\n')[2] : applied.refused).toBe(expected);
  };

  it('replaces what stands once', () =>
    check({ file: 'a.c', search: 'return', replace: 'exit' }, '\texit 1 + 1;'));
  it('refuses what stands twice', () =>
    check({ file: 'a.c', search: '1', replace: '2' }, '`1` stands 2 times in a.c'));
  it('takes the occurrence that is named', () =>
    check({ file: 'a.c', search: '1', replace: '2', occurrence: 2 }, '\treturn 1 + 2;'));
  it('looks in the function alone', () =>
    check({ file: 'a.c', function: 'f', search: 'g', replace: 'h' }, '`g` stands 0 times in f() of a.c'));
  it('refuses a file that is not there', () =>
    check({ file: 'b.c', search: 'g', replace: 'h' }, 'there is no b.c'));
});
