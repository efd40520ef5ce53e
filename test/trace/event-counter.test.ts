// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import { EventCounter } from '../../src/trace/event-counter.ts';
import { EventLog } from '../../src/trace/event-log.ts';
import type { EventSink, TraceEvent } from '../../src/trace/events.ts';
import { embeddedSource } from '../run/fixture-tree.ts';

const machine = machineNamed('arm64-4k')!;

it.each([false, true])('counts as many events as a log has, hot code or not: %s', (isHot) => {
  const stage = new Stage(linkTree({ machine, source: embeddedSource(machine), mode: 'from-tree' }));
  if (isHot) stage.linked.heat();
  const run = (events: EventSink): number => {
    stage.boot(events);
    for (const size of [4096, 1 << 20, 1 << 23]) {
      const addr = stage.linked.call('vmalloc_huge', [size, 0xdc0]);
      expect(addr).not.toBe(0);
      stage.linked.call('vfree', [addr]);
    }
    return events.length;
  };
  const log = new EventLog();
  const told: TraceEvent[] = [];
  expect(run(new EventCounter((event) => told.push(event)))).toBe(run(log));
  const pages = [...log].filter(({ kind }) => kind === 'page');
  expect(pages.length).toBeGreaterThan(0);
  expect(told.filter(({ kind }) => kind === 'page')).toEqual(pages);
});
