// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { KernelOops } from '../../../src/model/hardware/kernel-oops.ts';
import { machineNamed } from '../../../src/model/machines/machine-list.ts';
import { bootKernel } from '../booted-kernel.ts';

const { mem } = bootKernel(machineNamed('arm64-4k')!).k;

function faultOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof KernelOops) return `${error.event.fault} ${error.event.object?.name}`;
    throw error;
  }
  return 'none';
}

test('variables on the stack are objects until their frame ends', () => {
  const outer = mem.pushFrame();
  const a = mem.local(4, 4, 'a');
  const inner = mem.pushFrame();
  const b = mem.local(16, 8, 'b');
  expect(mem.objectAt(b + 8)).toMatchObject({ addr: b, size: 16, name: 'b', state: 'live' });
  expect(faultOf(() => mem.ld32(a))).toBe('uninitialised a');
  mem.st32(a, 7);
  mem.popFrame(inner);
  expect(mem.objectAt(b)).toMatchObject({ name: 'a' });
  expect(faultOf(() => mem.ld64(b))).toBe('out-of-bounds a');
  expect(mem.ld32(a)).toBe(7);
  mem.popFrame(outer);
  expect(mem.objectAt(a)).toBeUndefined();
});

test('a variable on the stack is given back at most once, which nobody should do', () => {
  const frame = mem.pushFrame();
  const a = mem.local(8, 8, 'a');
  mem.release(a);
  expect(faultOf(() => mem.release(a))).toBe('double-free a');
  mem.popFrame(frame);
});
