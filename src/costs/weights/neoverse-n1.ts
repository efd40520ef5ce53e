// SPDX-License-Identifier: GPL-2.0-only
import type { WeightTable } from '../weights.ts';

const GUIDE = 'Arm Neoverse N1 Software Optimization Guide';
const ESTIMATE = 'order of magnitude for a large out-of-order core';

/** Ampere's Altra; stands in for other large Arm cores, of which less is public. */
export const neoverseN1: WeightTable = {
  name: 'neoverse-n1',
  title: 'Neoverse N1, out of order, 3.0 GHz (Ampere Altra; taken for other large Arm cores too)',
  arch: 'arm64',
  machines: /altra|neoverse|graviton|apple m\d|\bm\d vm\b/i,
  cpus: 80,
  clock: { ghz: 3, source: 'Ampere Altra Q80-30: 80 cores at 3.0 GHz' },
  flush: {
    pagesAtOnce: 512,
    byInterrupt: false,
    source:
      'Linux arm64: a range of more than PTRS_PER_PTE pages becomes a flush of everything; TLBI …IS reaches all CPUs',
  },
  weights: {
    iteration: { cycles: 2, source: `${GUIDE}: four instructions a cycle; about 6 of them and a branch` },
    call: {
      cycles: 1,
      source: 'most are inline, a few ALU instructions or one L1 load that overlaps with others',
    },
    'page-check': {
      cycles: 8,
      source: 'pfn_valid() with SPARSEMEM: dependent L1 loads (4 cycles each), partly overlapped',
    },
    atomic: { cycles: 6, source: 'near atomics in the L1 where the line is unique' },
    walk: { cycles: 4, source: `${GUIDE}: one load that hits the L1` },
    'table-write': { cycles: 1, source: `${GUIDE}: one store` },
    access: { cycles: 30, source: 'a TLB miss whose four loads hit L1 and L2, partly overlapped' },
    lock: { cycles: 8, source: 'an atomic on a line that this CPU owns, or the store that gives it back' },
    scope: { cycles: 1, source: 'a per-task count up or down' },
    barrier: { cycles: 3, source: `${ESTIMATE}: dmb with an almost empty store buffer` },
    dsb: { cycles: 40, source: `${ESTIMATE}: dsb ishst waits for the stores before it` },
    isb: { cycles: 30, source: `${ESTIMATE}: refills the pipeline` },
    'object-alloc': {
      cycles: 60,
      source:
        'SLUB fast path: 43 cycles for both on an i7-4790K (Linux commit fbd02630c6e3), and its callers',
    },
    'object-free': { cycles: 50, source: 'the same' },
    'table-alloc': { cycles: 400, source: 'a page, and 4 KiB cleared at about 16 bytes a cycle' },
    'table-free': { cycles: 100, source: 'a page back to the per-CPU list' },
    'page-alloc': { cycles: 120, source: `${ESTIMATE}: a page of the per-CPU list` },
    'page-free': { cycles: 100, source: `${ESTIMATE}: a page back to the per-CPU list` },
    'tlb-flush': {
      cycles: 1000,
      source:
        'TLBI and dsb answered by every core of a mesh: about three times a line’s way across it (100 ns)',
    },
    'tlb-page': { cycles: 10, source: `${ESTIMATE}: one TLBI handed to the interconnect` },
    'tlb-flush-all': { cycles: 1500, source: 'the same barriers, and about 32 entries that miss afterwards' },
    'cache-flush': { cycles: 0, source: 'no instruction: caches are physically indexed' },
    sync: { cycles: 0, source: 'no instruction: kernel tables are shared' },
  },
  between: {
    line: { ns: 100, source: `${ESTIMATE}: a line of another core, across the mesh` },
    send: { ns: 100, source: `${ESTIMATE}: a write to the interrupt controller` },
    delivery: { ns: 500, source: 'half of an interrupt’s round trip of 1 to 3 µs' },
    answer: { ns: 500, source: 'the other half' },
  },
};
