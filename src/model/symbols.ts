// SPDX-License-Identifier: GPL-2.0-only

/** Every function that the model implements, by file. The one list that the linker reads. */
export type ModelSymbols = Record<never, never>;
