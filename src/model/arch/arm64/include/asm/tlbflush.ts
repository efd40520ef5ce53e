// SPDX-License-Identifier: GPL-2.0-only
import { toBigUnsigned, type U64 } from '../../../../../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';
import { levelSizes } from '../../../../mm/level-sizes.ts';

/**
 * Entries of [start, end) that map `stride` bytes each.
 * @kernel arch/arm64/include/asm/tlbflush.h __flush_tlb_range
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function __flush_tlb_range(
  k: Kernel,
  _vma: Ptr,
  start: VirtAddr,
  end: VirtAddr,
  _stride: ByteCount,
  _last_level: number,
  _tlb_level: number,
): void {
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start, end, local: false });
}

/**
 * What walkers cache on the way to one address.
 * @kernel arch/arm64/include/asm/tlbflush.h __flush_tlb_kernel_pgtable
 * @fidelity custom: an event. Emits `tlb-flush`.
 */
export function __flush_tlb_kernel_pgtable(k: Kernel, kaddr: VirtAddr): void {
  const end = kaddr + k.pageSize;
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start: kaddr, end, local: false });
}

const ALL = /^(?:vmall|all|asid)e1(is|os)?(?:nxs)?$/;
const BY_ADDRESS = /^(r?)vaa?l?e1(is|os)?(?:nxs)?$/;

/**
 * A TLBI instruction of EL1. Kernel translations are global: those of one address space count as all.
 * @kernel arch/arm64/include/asm/tlbflush.h __tlbi
 * @fidelity custom: an event. Of an address without a level, one page. Emits `tlb-flush`.
 */
export function __tlb_invalidate(k: Kernel, operation: Ptr, operand: U64): void {
  const name = k.mem.string(operation);
  const all = ALL.exec(name);
  if (all !== null) {
    const local = all[1] === undefined;
    k.trace.emit({ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local, bare: true });
    return;
  }
  const [, isRange, shareability] =
    BY_ADDRESS.exec(name) ?? k.notModelled(`the instruction \`tlbi ${name}\``);
  const { start, size } = isRange === 'r' ? rangeOf(k, operand) : leafOf(k, operand);
  const local = shareability === undefined;
  k.trace.emit({ kind: 'tlb-flush', scope: 'range', start, end: start + size, local, bare: true });
}

interface Invalidated {
  readonly start: VirtAddr;
  readonly size: ByteCount;
}

/** Arm ARM, TLBI VAE1: bits 55 to 12 of the address, and in bits 47 to 44 the granule and the level, if it is told. */
function leafOf(k: Kernel, operand: U64): Invalidated {
  const bits = toBigUnsigned(operand);
  const addr = Number(BigInt.asIntN(56, (bits & 0xfff_ffff_ffffn) << 12n));
  const { pageSize, pmdSize, pudSize } = levelSizes(k.machine);
  const told = Number((bits >> 44n) & 0xfn);
  const size = told >> 2 === 0 ? pageSize : ([pageSize, pudSize, pmdSize, pageSize][told & 3] ?? pageSize);
  return { start: Math.floor(addr / size) * size, size };
}

/** Arm ARM, TLBI RVAE1: the number of the first page in bits 36 to 0, the size by bits 45 to 39. */
function rangeOf({ pageSize }: Kernel, operand: U64): Invalidated {
  const bits = toBigUnsigned(operand);
  const start = Number(BigInt.asIntN(37, bits)) * pageSize;
  const count = Number((bits >> 39n) & 0x1fn) + 1;
  const scale = Number((bits >> 44n) & 3n);
  return { start, size: count * 2 ** (5 * scale + 1) * pageSize };
}
