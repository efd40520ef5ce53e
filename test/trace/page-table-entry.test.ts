// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { descriptorFromBits } from '../../src/base/descriptor.ts';
import { riscv64WithSv48 } from '../../src/model/machines/riscv64-sv48.ts';
import { entryFormatOf, type EntryKind } from '../../src/trace/page-table-entry.ts';
import type { LevelName } from '../../src/trace/machine.ts';

/** Valid, readable, writable, global, accessed and dirty. */
const KERNEL_PAGE = 0xe7n;
const NAPOT = 1n << 63n;

it.each<[LevelName, number, EntryKind]>([
  ['pte', 0x90008, 'leaf'],
  ['pte', 0x90000, 'bad'],
  ['pte', 0x90009, 'bad'],
  ['pte', 0x90004, 'bad'],
  ['pmd', 0x90008, 'bad'],
])('takes a NAPOT entry of level %s with frame %i for a %s', (level, frame, kind) => {
  const entries = entryFormatOf(riscv64WithSv48);
  const format = entries.level(level);
  const bits = (BigInt(frame) << 10n) | KERNEL_PAGE;
  expect(entries.kind(format, descriptorFromBits(bits))).toBe('leaf');
  expect(entries.kind(format, descriptorFromBits(bits | NAPOT))).toBe(kind);
});
