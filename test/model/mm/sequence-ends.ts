// SPDX-License-Identifier: GPL-2.0-only
import { executionContext } from '../../../src/model/kernel/interrupt-state.ts';
import type { Sequence } from './sequence.ts';
import type { User } from './sequence-users.ts';

/** An operation after which something is no more. */
export type End = User;

function end(
  on: End['on'],
  call: string,
  release: (s: Sequence, one: Parameters<End['draw']>[1]) => unknown,
): End {
  const draw: End['draw'] = (s, one) => ({
    text: `${call} of what is at ${one.addr}`,
    run: () => {
      s.lose(one);
      return release(s, one);
    },
  });
  return { on, call, draw };
}

/** A call of an interrupt handler. */
function inInterrupt(s: Sequence, call: () => number): number {
  const context = s.kernel.state(executionContext);
  context.inInterrupt = true;
  const result = call();
  context.inInterrupt = false;
  return result;
}

/** Memory that waits for its end holds a list: it must be there to be written. */
const isWritable: NonNullable<End['when']> = ({ changed }) => changed !== true;

export const ends: readonly End[] = [
  end(['allocated', 'given'], 'vfree', (s, { addr }) => s.call('vfree', addr)),
  {
    // It goes on as vfree_atomic().
    ...end(['allocated', 'given'], 'vfree_atomic', (s, { addr }) =>
      inInterrupt(s, () => s.call('vfree', addr)),
    ),
    when: isWritable,
  },
  {
    ...end(['allocated', 'given'], 'vfree_atomic', (s, { addr }) => s.call('vfree_atomic', addr)),
    when: isWritable,
  },
  end(['mapped'], 'vunmap', (s, { addr }) => s.call('vunmap', addr)),
  end(['ram'], 'vm_unmap_ram', (s, { addr, size }) => s.call('vm_unmap_ram', addr, size / s.page)),
  end(['device'], 'iounmap', (s, { addr }) => s.call('iounmap', addr)),
  end(['taken', 'sparse'], 'free_vm_area', (s, { addr }) =>
    s.call('free_vm_area', s.call('find_vm_area', addr)),
  ),
  end(['taken', 'sparse'], 'remove_vm_area', (s, { addr }) => s.kernel.kfree(s.call('remove_vm_area', addr))),
  end(['percpu'], 'pcpu_free_vm_areas', (s, { array }) =>
    s.call('pcpu_free_vm_areas', array!.at, array!.count),
  ),
];
