// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../../../base/units.ts';
import type { Kernel } from '../../../../kernel.ts';

// arch/x86/include/asm/special_insns.h: instructions about caches.

/** @kernel arch/x86/include/asm/special_insns.h clflushopt @fidelity stub: no promise is about what caches hold of memory */
export function clflushopt(_k: Kernel, _p: Ptr): void {}

/** @kernel arch/x86/include/asm/special_insns.h wbinvd @fidelity stub: see clflushopt() */
export function wbinvd(_k: Kernel): void {}
