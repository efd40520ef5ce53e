// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { scenariosFor } from '../../src/run/packs/pack-list.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import { runScenario } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import { EventLog } from '../../src/trace/event-log.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { linkStandalone } from '../translate/standalone.ts';
import { embeddedSource } from './fixture-tree.ts';

const machines = ['arm64-4k', 'arm64-16k', 'arm64-64k', 'x86_64-4level', 'x86_64-5level', 'riscv64-sv48'].map(
  (name) => machineNamed(name)!,
);

/** All C of the embedded tree, each function of it as if a series changed it, so that its marks are kept. */
function stageOf(machine: Machine): Stage {
  const source = embeddedSource(machine);
  const touched = Object.values(source).flatMap((text) => text.match(/\b[a-z_]\w*(?=\()/g) ?? []);
  return new Stage(linkTree({ machine, source, mode: 'from-tree', touched }));
}

/** What a scenario does, and which marks of which functions it passes. */
function outcome(stage: Stage, scenario: Parameters<typeof runScenario>[1]) {
  const { record } = stage.linked;
  record.forget();
  const { events, end, notReached } = runScenario(stage, scenario);
  return { events, end, notReached, marks: [...record.passedMarks()] };
}

describe('hot code', () => {
  it.each(machines.map((machine) => [machine.name, machine] as const))(
    'does on %s what the same C does as JavaScript, event for event and mark for mark',
    (_, machine) => {
      const cold = stageOf(machine);
      const hot = stageOf(machine);
      // What stays JavaScript is called from hot code, and calls it.
      hot.linked.heat();
      expect(hot.linked.cold.toSorted()).toEqual(['__purge_vmap_area_lazy', 'alloc_vmap_area']);
      let passed = 0;
      for (const scenario of scenariosFor(machine, { packs: undefined, random: 24, seed: 1 })) {
        const expected = outcome(cold, scenario);
        const actual = outcome(hot, scenario);
        expect(actual.events.equals(expected.events), printScenario(scenario, machine.pageShift)).toBe(true);
        expect({ ...actual, events: 0 }).toEqual({ ...expected, events: 0 });
        passed += expected.marks.length;
      }
      // Functions with marks, added up over all scenarios.
      expect(passed).toBeGreaterThan(10_000);
    },
  );

  it('is made once a kernel has run long', () => {
    const linked = linkStandalone('int f(int n) { int sum = 0; while (n--) sum += n & 3; return sum; }', [
      'f',
    ]);
    const run = (times: number): readonly string[] => {
      for (let i = 0; i < times; i++) {
        linked.boot(new EventLog());
        const { fuel } = linked.runtime;
        expect(linked.call('f', [1_000_000])).toBe(1_500_000);
        expect(fuel - linked.runtime.fuel).toBe(1_000_000);
      }
      return linked.cold;
    };
    expect(run(7)).toEqual(['f']);
    expect(run(3)).toEqual([]);
  });

  it('leaves what it cannot take to JavaScript: numbers beyond 2^53, and who wants to see the calls', () => {
    const linked = linkStandalone('unsigned long f(unsigned long n) { return n * 3 + 1; }', ['f']);
    linked.heat();
    const arg = 2n ** 63n + 5n;
    linked.boot(new EventLog());
    expect(linked.call('f', [7])).toBe(22);
    expect(linked.call('f', [2 ** 52])).toBe(3n * 2n ** 52n + 1n);
    expect(BigInt.asUintN(64, BigInt(linked.call('f', [arg])))).toBe(BigInt.asUintN(64, arg * 3n + 1n));
    expect(linked.cold).toEqual([]);
  });

  it('says where it was when something is thrown out of it, and leaves the stack as it was', () => {
    const text =
      'int g(int *p)\n{\n\treturn *p;\n}\nint f(int n)\n{\n\tint x = n;\n\n\treturn n + g(n ? &x : 0);\n}\n';
    const linked = linkStandalone(text, ['f']);
    linked.heat();
    linked.boot(new EventLog());
    expect(linked.call('f', [1])).toBe(2);
    const top = linked.kernel.mem.pushFrame();
    const error = thrownBy(() => linked.call('f', [0]));
    expect(String(error)).toContain('null read');
    const frames = linked.placeFrames(linked.rawFrames(error.stack));
    expect(frames.map(({ function: name, line }) => `${name}:${line}`)).toEqual(['g:3', 'f:9']);
    expect(linked.kernel.mem.pushFrame()).toBe(top);
  });

  it('ends a loop without end, and faults where C has no value', () => {
    const text = `
      int loop(void) { for (;;) ; return 0; }
      int divide(int a, int b) { return a / b; }
      int shift(int a, int b) { return a << b; }
      int unwritten(int a) { int x; if (a) x = 1; return x; }
      int twice(int n) { int *p = 0; for (int i = 0; i < 2; i++) { int x; if (i == 0) x = n; else return x; } return 0; }`;
    const linked = linkStandalone(text, ['loop', 'divide', 'shift', 'unwritten', 'twice']);
    const outcomes = (): string[] =>
      [
        () => linked.call('loop', []),
        () => linked.call('divide', [7, 0]),
        () => linked.call('divide', [-(2 ** 31), -1]),
        () => linked.call('shift', [1, 32]),
        () => linked.call('shift', [1, -1]),
        () => linked.call('unwritten', [1]),
        () => linked.call('unwritten', [0]),
        () => linked.call('twice', [1]),
      ].map((call) => {
        linked.boot(new EventLog());
        try {
          return String(call());
        } catch (error) {
          return String(error);
        }
      });
    const cold = outcomes();
    linked.heat();
    expect(linked.cold).toEqual([]);
    expect(outcomes()).toEqual(cold);
    expect(cold).toHaveLength(8);
    expect(cold[2]).toBe(String(-(2 ** 31)));
  });
});

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
