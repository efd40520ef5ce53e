// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import * as arm64Pgtable from './arch/arm64/include/asm/pgtable.header.ts';
import * as arm64Vmalloc from './arch/arm64/include/asm/vmalloc.header.ts';
import * as riscvPgtable from './arch/riscv/include/asm/pgtable.header.ts';
import * as riscvVmalloc from './arch/riscv/include/asm/vmalloc.header.ts';
import * as x86Pgtable from './arch/x86/include/asm/pgtable.header.ts';
import * as x86Vmalloc from './arch/x86/include/asm/vmalloc.header.ts';
import * as atomic from './include/linux/atomic.ts';
import * as barrier from './include/linux/barrier.ts';
import * as bitops from './include/linux/bitops.ts';
import * as bug from './include/linux/bug.ts';
import * as cleanup from './include/linux/cleanup.ts';
import * as compiler from './include/linux/compiler.ts';
import * as cpuhotplug from './include/linux/cpuhotplug.ts';
import * as errno from './include/linux/errno.ts';
import * as gfp from './include/linux/gfp.ts';
import * as hugetlb from './include/linux/hugetlb.ts';
import * as ignoredCalls from './include/linux/ignored-calls.ts';
import * as irqWork from './include/linux/irq_work.ts';
import * as jumpLabel from './include/linux/jump_label.ts';
import * as kconfig from './include/linux/kconfig.ts';
import * as kernel from './include/linux/kernel.ts';
import * as list from './include/linux/list.ts';
import * as memblock from './include/linux/memblock.ts';
import * as memoryHotplug from './include/linux/memory_hotplug.ts';
import * as mm from './include/linux/mm.ts';
import * as mmTypes from './include/linux/mm_types.ts';
import * as percpu from './include/linux/percpu.ts';
import * as percpuCounter from './include/linux/percpu_counter.ts';
import * as pgtable from './include/linux/pgtable.ts';
import * as printk from './include/linux/printk.ts';
import * as random from './include/linux/random.ts';
import * as rbtree from './include/linux/rbtree.ts';
import * as rcupdate from './include/linux/rcupdate.ts';
import * as sched from './include/linux/sched.ts';
import * as seqFile from './include/linux/seq_file.ts';
import * as slab from './include/linux/slab.ts';
import * as spinlock from './include/linux/spinlock.ts';
import * as string from './include/linux/string.ts';
import * as swapops from './include/linux/swapops.ts';
import * as types from './include/linux/types.ts';
import * as vmalloc from './include/linux/vmalloc.ts';
import * as vmstat from './include/linux/vmstat.ts';
import * as workqueue from './include/linux/workqueue.ts';
import * as xarray from './include/linux/xarray.ts';
import * as vmallocPrototypes from './mm/vmalloc-prototypes.ts';

interface Header {
  readonly header: (machine: Machine) => string;
}

/** asm/pgtable.h and asm/vmalloc.h. */
const architectures: Readonly<Record<Machine['arch'], readonly [Header, Header]>> = {
  arm64: [arm64Pgtable, arm64Vmalloc],
  x86: [x86Pgtable, x86Vmalloc],
  riscv: [riscvPgtable, riscvVmalloc],
};

/** In the order in which they must be read. */
function headersOf(machine: Machine): readonly Header[] {
  return [
    ...[kconfig, compiler, types, errno, kernel, string, bitops, bug, printk, barrier, atomic, list, rbtree],
    ...[
      jumpLabel,
      spinlock,
      rcupdate,
      percpu,
      percpuCounter,
      cpuhotplug,
      mmTypes,
      sched,
      workqueue,
      irqWork,
      xarray,
      seqFile,
      random,
      gfp,
      slab,
      pgtable,
      mm,
      vmstat,
      memblock,
    ],
    ...[
      cleanup,
      architecture(machine).pgtable,
      memoryHotplug,
      swapops,
      hugetlb,
      ignoredCalls,
      vmallocPrototypes,
    ],
  ];
}

/**
 * The C text that stands before every translated file: declarations of everything that the model offers on a machine.
 * The two headers that a tree brings itself are not in it: see `replacedHeaders()`.
 */
export function modelHeaders(machine: Machine): string {
  return headersOf(machine)
    .map(({ header }) => header(machine))
    .join('');
}

/** Headers for trees that lack them, by the path after `#include`. */
export function replacedHeaders(machine: Machine): Readonly<Record<string, string>> {
  return {
    'asm/vmalloc.h': architecture(machine).vmalloc.header(machine),
    'linux/vmalloc.h': vmalloc.header(machine),
  };
}

function architecture(machine: Machine): { pgtable: Header; vmalloc: Header } {
  const [pgtableOfArch, vmallocOfArch] = architectures[machine.arch];
  return { pgtable: pgtableOfArch, vmalloc: vmallocOfArch };
}
