// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed, machines } from '../../src/model/machines/machine-list.ts';
import { packs, scenariosFor } from '../../src/run/packs/pack-list.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import { runScenario } from '../../src/run/session.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { readTrace, writeTrace } from '../../src/trace/trace-format.ts';
import { scenarioOf, stageOf } from './run-text.ts';

describe.each(machines.map((machine) => [machine.name, machine] as const))(
  'packs on %s',
  (_name, machine) => {
    it('are small, and their scenarios have a text form of their own', () => {
      for (const pack of packs) {
        const scenarios = scenariosFor(machine, { packs: [pack.name], random: 0, seed: 1 });
        expect(scenarios.length).toBeLessThan(200);
        const texts = scenarios.map((scenario) => printScenario(scenario, machine.pageShift));
        expect(texts.map((text) => scenarioOf(text, machine.pageShift))).toEqual(scenarios);
        expect(new Set(texts).size).toBe(texts.length);
      }
    });

    it('draw random scenarios by their seed, and more of them when more are asked for', () => {
      const draw = (random: number, seed: number) => scenariosFor(machine, { packs: ['vmap'], random, seed });
      const systematic = draw(0, 1).length;
      expect(draw(50, 1).slice(0, systematic + 20)).toEqual(draw(20, 1));
      expect(draw(20, 2)).not.toEqual(draw(20, 1));
      for (const scenario of draw(300, 3)) {
        expect(scenarioOf(printScenario(scenario, machine.pageShift), machine.pageShift)).toEqual(scenario);
      }
    });
  },
);

/** Names of an event's fields and of its intent's, and what they say of its kind: one of each will do. */
function shapeOf(event: TraceEvent): string {
  const intent = event.kind === 'operation' ? event.intent : undefined;
  return JSON.stringify([event.kind, Object.keys(event), intent?.kind, Object.keys(intent ?? {})]);
}

it('what happens in scenarios of packs can be saved, and is read as it was', () => {
  const machine = machineNamed('arm64-4k')!;
  const stage = stageOf(machine);
  const shapes = new Map<string, TraceEvent>();
  for (const scenario of scenariosFor(machine, { packs: undefined, random: 0, seed: 1 })) {
    for (const event of runScenario(stage, scenario).events) shapes.set(shapeOf(event), event);
  }
  const events = [...shapes.values()];
  const { value, diagnostics } = readTrace(writeTrace({ machine, events }), 'trace');
  expect(diagnostics).toEqual([]);
  expect(value?.events).toEqual(events);
});
