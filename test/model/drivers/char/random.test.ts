// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../../../src/model/machines/machine-list.ts';
import { bootKernel } from '../../booted-kernel.ts';

const arm64 = machineNamed('arm64-4k')!;

function drawn(count: number): number[] {
  const { k } = bootKernel(arm64);
  const at = k.mem.allocate({ name: 'bytes', size: 16, zeroed: true });
  k.get_random_bytes(at, count);
  return Array.from({ length: 16 }, (_, i) => k.mem.ld8(at + i));
}

it('get_random_bytes() fills as many bytes as it is asked for, with the same ones after every boot', () => {
  const eleven = drawn(11);
  expect(eleven.slice(11)).toEqual([0, 0, 0, 0, 0]);
  expect(new Set(eleven).size).toBeGreaterThan(6);
  expect(drawn(11)).toEqual(eleven);
  expect(drawn(0)).toEqual(Array.from({ length: 16 }, () => 0));
});
