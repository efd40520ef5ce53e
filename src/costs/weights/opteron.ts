// SPDX-License-Identifier: GPL-2.0-only
import type { WeightTable } from '../weights.ts';

const AGNER = 'Agner Fog, instruction tables, AMD K10';
const ESTIMATE = 'order of magnitude for an x86 server of 2008';

/** Two sockets of four-core Opterons, as they were sold in 2008. */
export const opteron: WeightTable = {
  name: 'opteron',
  title: 'Opteron of family 10h, 2.3 GHz, two sockets (a server of 2008)',
  arch: 'x86',
  machines: /opteron/i,
  cpus: 8,
  clock: { ghz: 2.3, source: 'AMD Opteron 2356 and 8356: 2.3 GHz' },
  flush: {
    pagesAtOnce: 0,
    byInterrupt: true,
    source: 'Linux of 2008 on x86: flush_tlb_kernel_range() is flush_tlb_all(), on every CPU by interrupt',
  },
  weights: {
    iteration: {
      cycles: 3,
      source: `${AGNER}: three instructions a cycle; about 6 of them, a load and a branch`,
    },
    call: {
      cycles: 2,
      source: 'most are inline, a few ALU instructions or one L1 load (3 cycles, overlapped)',
    },
    'page-check': { cycles: 12, source: 'pfn_valid() with SPARSEMEM: dependent L1 loads and tests' },
    atomic: { cycles: 18, source: 'xchg with LOCK: 18 cycles (Linux commit 8270137a0d50)' },
    walk: { cycles: 6, source: 'one load that hits L1 or L2, a test and an address computation' },
    'table-write': { cycles: 1, source: `${AGNER}: one store` },
    access: { cycles: 50, source: 'a TLB miss whose loads hit the L2' },
    lock: { cycles: 18, source: 'the same as an atomic, on a line that this CPU owns' },
    scope: { cycles: 2, source: 'a per-CPU count up or down' },
    barrier: { cycles: 5, source: 'a compiler barrier, or a fence with an empty store buffer' },
    dsb: { cycles: 0, source: 'Arm only' },
    isb: { cycles: 0, source: 'Arm only' },
    'object-alloc': {
      cycles: 90,
      source:
        'SLAB, both: 87 to 102 cycles on an i7-4790K (Linux commit e6cdb58d1c83); this core is half as fast',
    },
    'object-free': { cycles: 90, source: 'the same' },
    'table-alloc': {
      cycles: 800,
      source: 'a page of the per-CPU list, and 4 KiB cleared at 8 bytes a cycle',
    },
    'table-free': { cycles: 200, source: 'a page back to the per-CPU list' },
    'page-alloc': { cycles: 250, source: `${ESTIMATE}: a page of the per-CPU list` },
    'page-free': { cycles: 200, source: `${ESTIMATE}: a page back to the per-CPU list` },
    'tlb-flush': { cycles: 50, source: 'a call and a test around the flush' },
    'tlb-page': { cycles: 100, source: `${AGNER}: invlpg, about 100 cycles` },
    'tlb-flush-all': {
      cycles: 1000,
      source:
        'CR4 written twice to drop global entries (about 100 cycles each), and about 32 entries that miss afterwards',
    },
    'cache-flush': { cycles: 0, source: 'no instruction: caches are physically indexed' },
    sync: { cycles: 50, source: 'a look at the top level of each address space’s tables' },
  },
  between: {
    line: {
      ns: 100,
      source:
        'J. D. McCalpin, AMD Opteron Local Memory Latency Chart: 85 ns for memory, two sockets; a dirty line of another chip somewhat more',
    },
    send: { ns: 200, source: `${ESTIMATE}: the APIC’s command register written once for a mask of CPUs` },
    delivery: {
      ns: 500,
      source: 'an interrupt and its answer take 1 to 3 µs together; a third of the middle',
    },
    answer: { ns: 1000, source: 'the rest: entry, the flush, telling so, return' },
  },
};
