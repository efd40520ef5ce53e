// SPDX-License-Identifier: GPL-2.0-only
import { linearAlias } from '../../../src/invariants/linear/alias.ts';
import { arm64, protection, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
const LINEAR = arm64.addresses.pageOffset + PFN * PAGE;
const READ_ONLY = protection((3n << 53n) | (1n << 51n) | 0x793n);

/** The linear map of four pages by pages, and two of them in an area as well. */
const mapped = (follows: boolean, ...flags: readonly string[]): TraceBuilder =>
  traceOn(arm64)
    .map('pte', LINEAR, PFN, { count: 4 })
    .op('arch_parse_debug_rodata', { kind: 'linear', follows })
    .returns()
    .map('pte', VMALLOC, PFN, { count: 2 })
    .area(VMALLOC, 3 * PAGE, 'VM_ALLOC', ...flags);

/** Read-only in the area; the caller says what becomes of the linear map. */
const setReadOnly = (builder: TraceBuilder, follow: (builder: TraceBuilder) => TraceBuilder): TraceBuilder =>
  follow(builder.op('set_memory_ro', { kind: 'protect', addr: VMALLOC, size: 2 * PAGE, change: 'ro' }))
    .map('pte', VMALLOC, PFN, { count: 2, prot: READ_ONLY })
    .tlb(VMALLOC, VMALLOC + 2 * PAGE)
    .returns();

const aliasReadOnly = (builder: TraceBuilder, count: number): TraceBuilder =>
  builder.map('pte', LINEAR, PFN, { count, prot: READ_ONLY });

const followed = (...flags: readonly string[]): TraceBuilder =>
  setReadOnly(mapped(true, ...flags), (builder) => aliasReadOnly(builder, 2).tlb(LINEAR, LINEAR + 2 * PAGE));

const freeing = (builder: TraceBuilder): TraceBuilder =>
  builder
    .op('vfree', { kind: 'unmap', addr: VMALLOC, size: 2 * PAGE })
    .cacheVunmap(VMALLOC, VMALLOC + 2 * PAGE)
    .clear('pte', VMALLOC, 2);

const freed = (builder: TraceBuilder): TraceBuilder =>
  builder.event({ kind: 'page', change: 'free', pfn: PFN, order: 1 }).returns();

/** As vm_reset_perms() does it. */
const reset = (builder: TraceBuilder, count = 2): TraceBuilder =>
  freeing(builder).clear('pte', LINEAR, 2).tlbAll().map('pte', LINEAR, PFN, { count });

const RESETS = 'VM_FLUSH_RESET_PERMS';

judgeFixtures(linearAlias, {
  good_follows: () => followed(),
  good_area_flushed_before_pages_are_usual: () => freed(reset(followed(RESETS))),
  bad_pages_usual_too_soon: [
    ['usual-too-soon'],
    () =>
      freed(freeing(followed(RESETS)).clear('pte', LINEAR, 2).map('pte', LINEAR, PFN, { count: 2 }).tlbAll()),
  ],
  good_tree_does_not_follow: () => freed(freeing(setReadOnly(mapped(false), (builder) => builder)).tlbAll()),
  bad_alias_writable: [['alias-not-ro'], () => setReadOnly(mapped(true), (builder) => builder)],
  bad_second_alias_writable: [
    ['alias-not-ro'],
    () => setReadOnly(mapped(true), (builder) => aliasReadOnly(builder, 1).tlb(LINEAR, LINEAR + PAGE)),
  ],
  bad_alias_not_flushed: [
    ['alias-cached'],
    () => setReadOnly(mapped(true), (builder) => aliasReadOnly(builder, 2)),
  ],
  bad_neighbour_read_only: [
    ['other-page'],
    () => setReadOnly(mapped(true), (builder) => aliasReadOnly(builder, 3).tlb(LINEAR, LINEAR + 3 * PAGE)),
  ],
  good_reset: () => freed(reset(followed('VM_FLUSH_RESET_PERMS'))),
  good_left_read_only_by_its_owner: () => freed(freeing(followed()).tlbAll()),
  bad_last_page_left_out: [['left-invalid'], () => freed(reset(followed('VM_FLUSH_RESET_PERMS'), 1))],
  bad_left_read_only: [['left-read-only'], () => freed(freeing(followed('VM_FLUSH_RESET_PERMS')).tlbAll())],
  bad_flushed_while_read_only: [
    ['old-rights-cached'],
    () => freed(freeing(followed('VM_FLUSH_RESET_PERMS')).tlbAll().map('pte', LINEAR, PFN, { count: 2 })),
  ],
  bad_page_behind_taken_out: [
    ['other-page'],
    () => freed(reset(followed('VM_FLUSH_RESET_PERMS')).clear('pte', LINEAR + 2 * PAGE, 1)),
  ],
});
