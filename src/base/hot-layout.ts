// SPDX-License-Identifier: GPL-2.0-only

// What a kernel's memory begins with: state that both JavaScript and hot code (docs/decisions/0011-hot-code.md) read and write.
// All of these are bytes from the start of the memory.

/** 32 bits each, but for those that are said to have 64. */
export const cells = {
  fuel: 16,
  cpu: 20,
  /** Offset in the heap of the first byte of the stack that is free. */
  stackTop: 24,
  /** Variables on the stack. */
  stackCount: 28,
  /** Where the next row goes. */
  rowsEnd: 32,
  lazyDepth: 36,
  lazyPending: 40,
  /** The open table (model/hardware/table-entries.ts): its size, 0 where none is open, and where it is. */
  openSize: 44,
  openAt: 48,
  openPlace: 52,
  openCpu: 56,
  openLinkMask: 60,
  openLinkBits: 64,
  /** 1 where nobody may sleep. */
  atomic: 68,
  /** 64 bits: what a call gave that is no plain number. */
  result: 72,
  /** 64 bits: the address of the open table. */
  openStart: 80,
  /** Of the rows that wait, how many are streaks, and the stores that these stand for. */
  rowsOfStreaks: 88,
  storesInStreaks: 92,
  /** 64 bits each: arguments of a call that are no plain numbers. */
  arguments: 96,
} as const;

/** Arguments of one call. */
export const MOST_ARGUMENTS = 16;

/** 64 numbers of 64 bits, then 64 of 32: the streak (model/hardware/store-streak.ts). */
export const STREAK_NEXT = 256;
export const STREAK_STATE = 768;

/** A byte for each place of emitted code that is noted (translate/emit-module.ts). */
export const MARKS = 1024;
export const MARKS_BYTES = 128 * 1024;

/** Variables on the stack: 32 bits each for where they begin in the heap, for their sizes, and for their names. */
export const MOST_LOCALS = 2 ** 15;
export const LOCAL_OFFSETS = MARKS + MARKS_BYTES;
export const LOCAL_SIZES = LOCAL_OFFSETS + 4 * MOST_LOCALS;
export const LOCAL_NAMES = LOCAL_SIZES + 4 * MOST_LOCALS;

/** Rows of events (trace/event-log.ts) that the log does not have yet. */
export const ROWS = LOCAL_NAMES + 4 * MOST_LOCALS;
export const ROW_BYTES = 24;
export const ROWS_END = ROWS + 4096 * ROW_BYTES;

/** Bytes of a page of the memory. */
export const WASM_PAGE = 65_536;

/** The heap's bytes begin here, and behind them their shadow. */
export const HEAP = Math.ceil(ROWS_END / WASM_PAGE) * WASM_PAGE;
