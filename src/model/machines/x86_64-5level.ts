// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import { x86TableOnly } from './x86-attributes.ts';
import { x86_64With4Levels } from './x86_64-4level.ts';

const PGTBL_PGD_MODIFIED = 1;

const { levels, addresses, config } = x86_64With4Levels;

/**
 * x86_64 with five levels. Linux spreads the kernel's half of 57-bit addresses over 64 PiB; here everything lies in the
 * uppermost 4 PiB, where an address is a plain number, and vmalloc space is 128 TiB instead of 12.5 PiB. It lies across
 * a border of root entries.
 */
export const x86_64With5Levels: Machine = {
  ...x86_64With4Levels,
  name: 'x86_64-5level',
  title: 'x86_64, five levels, 2 MiB and 1 GiB pages, its ranges nearer to the top',
  levels: [
    { name: 'pgd', shift: 48, entries: 512, table: x86TableOnly },
    { ...levels[0]!, name: 'p4d' },
    ...levels.slice(1),
  ],
  syncMask: PGTBL_PGD_MODIFIED,
  addresses: {
    ...addresses,
    pageOffset: -0xe000000000000, // 0xfff2000000000000
    vmallocStart: -0x8400000000000, // 0xfff7c00000000000
    vmallocEnd: -0x7c00000000000, // 0xfff8400000000000: 128 TiB on
    vmemmapStart: -0x4000000000000, // 0xfffc000000000000
  },
  config: { ...config, CONFIG_X86_5LEVEL: true, CONFIG_PGTABLE_LEVELS: 5 },
};
