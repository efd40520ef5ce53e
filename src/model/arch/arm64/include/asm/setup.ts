// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';

/**
 * `rodata=full` on the command line: attributes of the linear map follow those of its aliases.
 * @kernel arch/arm64/include/asm/setup.h arch_parse_debug_rodata
 * @fidelity custom: reads no text, it is always `full`
 */
export function arch_parse_debug_rodata(k: Kernel, _arg: Ptr): number {
  k.mem.st8(k.globals['rodata_full']!, 1);
  return 1;
}
