// SPDX-License-Identifier: GPL-2.0-only
import type { VmallocSymbols } from './mm/vmalloc-modules.ts';

/** Every function that the model implements, by file. The one list that the linker reads. */
export type ModelSymbols = VmallocSymbols;
