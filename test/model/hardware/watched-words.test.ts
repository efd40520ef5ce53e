// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { machineNamed } from '../../../src/model/machines/machine-list.ts';
import { EventLog } from '../../../src/trace/event-log.ts';
import { bootInto } from '../booted-kernel.ts';

test('loads of a watched word are told, whatever it is loaded as, and stores leave it watched', () => {
  const { mem } = bootInto(machineNamed('arm64-4k')!, new EventLog());
  const at = mem.allocate({ name: 'object', size: 24, zeroed: true });
  const word = at + 8;
  const told: number[] = [];
  mem.watch(word, (addr) => told.push(addr));

  mem.st64(word, 5);
  mem.st64(at, 6);
  mem.st64(at + 16, 7);
  expect(told).toEqual([]);

  expect([mem.ld64(word), mem.ldPointer(word)]).toEqual([5, 5]);
  expect(told).toEqual([word, word]);
  mem.st64(word, -1);
  expect([mem.ld64(word), mem.lds32(word)]).toEqual([-1, -1]);
  expect(told).toEqual([word, word, word, word]);

  expect([mem.ld64(at), mem.ld64(at + 16), ...mem.readAnyway(word, 8)]).toEqual([
    6,
    7,
    ...Array.from({ length: 8 }, () => 255),
  ]);
  expect(told).toHaveLength(4);
});
