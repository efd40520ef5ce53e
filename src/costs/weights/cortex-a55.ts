// SPDX-License-Identifier: GPL-2.0-only
import type { WeightTable } from '../weights.ts';

const GUIDE = 'Arm Cortex-A55 Software Optimization Guide';
const ESTIMATE = 'order of magnitude for a small in-order core';

/** The little core of an RK3588: two-wide, in order, with a small private L2. */
export const cortexA55: WeightTable = {
  name: 'cortex-a55',
  title: 'Cortex-A55, in order, 1.8 GHz (the little cores of an RK3588)',
  arch: 'arm64',
  machines: /rk3588|cortex-?a55|little core/i,
  cpus: 8,
  clock: { ghz: 1.8, source: 'RK3588 data sheet: four Cortex-A55 up to 1.8 GHz' },
  flush: {
    pagesAtOnce: 512,
    byInterrupt: false,
    source:
      'Linux arm64: a range of more than PTRS_PER_PTE pages becomes a flush of everything; TLBI …IS reaches all CPUs',
  },
  weights: {
    iteration: {
      cycles: 4,
      source: `${GUIDE}: one-cycle ALU, two issued at a time; about 6 instructions and a branch`,
    },
    call: {
      cycles: 3,
      source: `${GUIDE}: most are inline, a few ALU instructions or one L1 load (3 cycles)`,
    },
    'page-check': {
      cycles: 20,
      source: 'pfn_valid() with SPARSEMEM: three dependent L1 loads, four tests, an RCU read side',
    },
    atomic: {
      cycles: 10,
      source: 'Cortex-A55 Technical Reference Manual: near atomics in the L1 where the line is unique',
    },
    walk: { cycles: 10, source: 'one load that hits L1 or L2, a test and an address computation' },
    'table-write': { cycles: 2, source: `${GUIDE}: one store, merged in the store buffer` },
    access: { cycles: 50, source: 'a TLB miss whose four loads hit the L2' },
    lock: { cycles: 10, source: 'an atomic on a line that this CPU owns, or the store that gives it back' },
    scope: { cycles: 3, source: 'a per-task count up or down' },
    barrier: { cycles: 5, source: `${ESTIMATE}: dmb with an almost empty store buffer` },
    dsb: { cycles: 30, source: `${ESTIMATE}: dsb ishst waits for the stores before it` },
    isb: { cycles: 20, source: `${ESTIMATE}: refills an eight-stage pipeline from the L1` },
    'object-alloc': {
      cycles: 100,
      source:
        'SLUB fast path: 43 cycles for both on an i7-4790K (Linux commit fbd02630c6e3); in order and with its callers, more',
    },
    'object-free': { cycles: 80, source: 'the same' },
    'table-alloc': {
      cycles: 600,
      source: 'a page of the per-CPU list, and 4 KiB cleared at about 16 bytes a cycle',
    },
    'table-free': { cycles: 200, source: 'a page back to the per-CPU list' },
    'page-alloc': { cycles: 250, source: `${ESTIMATE}: a page of the per-CPU list` },
    'page-free': { cycles: 200, source: `${ESTIMATE}: a page back to the per-CPU list` },
    'tlb-flush': {
      cycles: 200,
      source: `${ESTIMATE}: dsb, dsb and isb around the TLBIs, answered by all CPUs`,
    },
    'tlb-page': { cycles: 20, source: `${ESTIMATE}: one TLBI handed to the interconnect` },
    'tlb-flush-all': { cycles: 600, source: 'the same barriers, and about 32 entries that miss afterwards' },
    'cache-flush': { cycles: 0, source: 'no instruction: caches are physically indexed' },
    sync: { cycles: 0, source: 'no instruction: kernel tables are shared' },
  },
  between: {
    line: { ns: 40, source: `${ESTIMATE}: a line of another core of the cluster, through the L3` },
    send: { ns: 100, source: `${ESTIMATE}: a write to the interrupt controller` },
    delivery: { ns: 500, source: 'half of an interrupt’s round trip of 1 to 3 µs' },
    answer: { ns: 500, source: 'the other half' },
  },
};
