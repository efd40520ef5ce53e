// SPDX-License-Identifier: GPL-2.0-only

/** `rodata=full` on the command line: the linear map is made of pages, whose attributes follow those of their aliases. */
export interface RodataState {
  isFull: boolean;
}

export const makeRodataState = (): RodataState => ({ isFull: false });
