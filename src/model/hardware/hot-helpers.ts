// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION } from '../../base/descriptor.ts';
import type { HotHelpers } from '../../base/hot-form.ts';
import { cells, HEAP, ROW_BYTES, ROWS, ROWS_END, STREAK_NEXT, STREAK_STATE } from '../../base/hot-layout.ts';
import { WasmCode, type Callable, type FunctionSignature, type WasmModule } from '../../base/wasm-module.ts';
import { CONSTANT, SHORT, STREAK, WALK } from '../../trace/row-codes.ts';
import type { Machine } from '../../trace/machine.ts';
import { frameUnit } from './entry.ts';
import { TABLE } from './heap.ts';

// What table-entries.ts and store-streak.ts do for JavaScript, for hot code (docs/decisions/0011-hot-code.md), on the same state
// (base/hot-layout.ts). Entries are their hardware bits here.

const TABLE4 = 0x01010101 * TABLE;
/** Bits of an entry that have to be 0 for it to be a plain number in JavaScript: the upper 11 once it is rotated. */
const BEYOND_PLAIN = 53n;
const ROTATION = BigInt(DESCRIPTOR_ROTATION);
/** What stands for an entry that is none: more bits than a plain one has. */
export const NO_ENTRY = -1;
const none: FunctionSignature = { parameters: [], result: undefined };
const place = (index: number): number => STREAK_STATE + 4 * index;

/** The helpers of a module, each of which is part of it once somebody uses it. */
export class HotHelperFunctions implements HotHelpers {
  readonly #module: WasmModule;
  readonly #unit: number;
  readonly #heapStart: number;
  readonly #heapSize: number;
  readonly #made = new Map<string, WasmCode>();
  /** Calls the log: it takes all rows that wait, and the streak. */
  readonly #settleInLog: Callable;

  constructor(module: WasmModule, machine: Machine, settleInLog: Callable) {
    this.#module = module;
    this.#unit = frameUnit(machine);
    const { pageOffset, heapStart, heapSize } = machine.addresses;
    this.#heapStart = pageOffset + heapStart * 2 ** machine.pageShift;
    this.#heapSize = heapSize;
    this.#settleInLog = settleInLog;
  }

  entryAt(code: WasmCode): void {
    this.#writeEntryAt(code);
  }

  storeAgain(code: WasmCode): void {
    const signature: FunctionSignature = { parameters: ['i64', 'i64'], result: 'i32' };
    code.call(this.#helper('storeAgain', signature, (c) => this.#writeStoreAgain(c, true)));
  }

  storeAlone(code: WasmCode): void {
    const signature: FunctionSignature = { parameters: ['i64', 'i64'], result: 'i32' };
    code.call(this.#helper('storeAlone', signature, (c) => this.#writeStoreAgain(c, false)));
  }

  storeNext(code: WasmCode): void {
    code.call(
      this.#helper('storeNext', { parameters: ['i64', 'i64'], result: 'i32' }, (c) =>
        this.#writeStoreNext(c),
      ),
    );
  }

  walk(code: WasmCode): void {
    const [row, level, address] = [code.local('i32'), code.local('i32'), code.local('i64')];
    code.set(level).set(address);
    this.#writeRow(code);
    code.tee(row).get(level).i32(WALK).op('i32.add').at('i32.store', 0);
    code.get(row).get(address).at('i64.store', 4);
  }

  constant(code: WasmCode, number: number): void {
    this.#writeRow(code);
    code.i32(CONSTANT + number).at('i32.store', 0);
  }

  #helper(name: string, signature: FunctionSignature, write: (code: WasmCode) => void): WasmCode {
    let code = this.#made.get(name);
    if (code === undefined) {
      code = new WasmCode(name, signature);
      this.#made.set(name, code);
      write(code);
      this.#module.add(code);
    }
    return code;
  }

  /** Leaves the address of the next row. The streak ends. */
  #writeRow(c: WasmCode): void {
    const end = c.local('i32');
    c.i32(0).f64(Number.NaN).at('f64.store', STREAK_NEXT);
    c.cell(place(4)).cell(place(3)).op('i32.ne');
    c.if(undefined, () => c.call(this.#settle()));
    c.cell(cells.rowsEnd).tee(end).i32(ROWS_END).op('i32.ge_u');
    c.if(undefined, () => c.call(this.#settleInLog).i32(ROWS).set(end));
    c.i32(0).get(end).i32(ROW_BYTES).op('i32.add').at('i32.store', cells.rowsEnd);
    c.get(end);
  }

  /** Makes rows of the streak, as the log does where each frame is the next one (trace/event-log.ts). */
  #settle(): WasmCode {
    return this.#helper('settle', none, (c) => {
      const [end, count, last] = [c.local('i32'), c.local('i32'), c.local('i32')];
      c.cell(cells.rowsEnd).tee(end).i32(ROWS).op('i32.eq');
      c.get(end)
        .i32(ROWS_END - (SHORT + 1) * ROW_BYTES)
        .op('i32.gt_u', 'i32.or');
      c.cell(place(7)).op('i32.or');
      // The row that the streak goes on from is in the log already, there is no room, or values have to be copied.
      c.if(undefined, () => c.call(this.#settleInLog).op('return'));
      c.cell(place(4)).cell(place(3)).op('i32.sub').set(count);
      c.i32(0).cell(place(3)).at('i32.store', place(4));
      c.get(count).i32(SHORT).op('i32.gt_s');
      c.if(
        undefined,
        () => {
          c.get(end).i32(STREAK).at('i32.store', 0);
          c.get(end).get(count).at('i32.store', 4);
          c.get(end)
            .i32(this.#unit >>> DESCRIPTOR_ROTATION)
            .at('i32.store', 8);
          c.get(end).i32(0).at('i32.store', 12);
          c.get(end).i64(0).at('i64.store', 16);
          c.get(end).i32(ROW_BYTES).op('i32.add').set(end);
          c.i32(0).cell(cells.rowsOfStreaks).i32(1).op('i32.add').at('i32.store', cells.rowsOfStreaks);
          c.i32(0)
            .cell(cells.storesInStreaks)
            .get(count)
            .op('i32.add')
            .at('i32.store', cells.storesInStreaks);
        },
        () => {
          c.loop((again) => {
            c.get(end).i32(ROW_BYTES).op('i32.sub').set(last);
            c.get(end).get(last).at('i32.load', 0).at('i32.store', 0);
            c.get(end).get(last).at('i32.load', 4).i32(1).op('i32.add').at('i32.store', 4);
            c.get(end).i64(0).at('i64.store', 8);
            c.get(end)
              .get(last)
              .at('i32.load', 16)
              .i32(this.#unit >>> DESCRIPTOR_ROTATION)
              .op('i32.add')
              .at('i32.store', 16);
            c.get(end).get(last).at('i32.load', 20).at('i32.store', 20);
            c.get(end).i32(ROW_BYTES).op('i32.add').set(end);
            c.get(count).i32(1).op('i32.sub').tee(count).branchIf(again);
          });
        },
      );
      c.i32(0).get(end).at('i32.store', cells.rowsEnd);
    });
  }

  #writeEntryAt(c: WasmCode): void {
    const [offset, entry] = [c.local('i64'), c.local('i64')];
    c.i64(this.#heapStart).op('i64.sub').tee(offset).i64(this.#heapSize).op('i64.lt_u');
    c.get(offset).op('i32.wrap_i64').i32(7).op('i32.and', 'i32.eqz', 'i32.and');
    c.if(
      'i64',
      () => {
        c.get(offset)
          .op('i32.wrap_i64')
          .at('i32.load', HEAP + this.#heapSize)
          .i32(TABLE4)
          .op('i32.eq');
        c.if(
          'i64',
          () => {
            c.get(offset).op('i32.wrap_i64').at('i64.load', HEAP).tee(entry).i64(NO_ENTRY);
            c.get(entry).i64(ROTATION).op('i64.rotl').i64(BEYOND_PLAIN).op('i64.shr_u', 'i64.eqz', 'select');
          },
          () => c.i64(NO_ENTRY),
        );
      },
      () => c.i64(NO_ENTRY),
    );
  }

  /** @param begins what was stored may be the beginning of a streak */
  #writeStoreAgain(c: WasmCode, begins: boolean): void {
    const [offset, before] = [c.local('i64'), c.local('i64')];
    const [at, row] = [c.local('i32'), c.local('i32')];
    const refuse = (): void => void c.i32(0).op('return');
    c.get(0).i32(0).at('i64.load', cells.openStart).op('i64.sub').tee(offset);
    c.cell(cells.openSize).op('i64.extend_i32_u').op('i64.ge_u');
    c.get(offset).op('i32.wrap_i64').i32(7).op('i32.and', 'i32.or');
    c.cell(cells.openCpu).cell(cells.cpu).op('i32.ne', 'i32.or');
    c.if(undefined, refuse);
    c.cell(cells.openAt).get(offset).op('i32.wrap_i64', 'i32.add').tee(at).at('i64.load', HEAP).set(before);
    const links = (entry: number): void => {
      c.get(entry).op('i32.wrap_i64').cell(cells.openLinkMask).op('i32.and');
      c.cell(cells.openLinkBits).op('i32.eq');
    };
    links(1);
    links(before);
    c.op('i32.or').if(undefined, refuse);
    this.#writeRow(c);
    c.tee(row).cell(cells.openPlace).at('i32.store', 0);
    c.get(row).get(offset).op('i32.wrap_i64').i32(3).op('i32.shr_u').at('i32.store', 4);
    c.get(row).get(before).at('i64.store', 8);
    c.get(row).get(1).at('i64.store', 16);
    c.get(at).get(1).at('i64.store', HEAP);
    if (begins) this.#writeBegin(c, offset, before, at);
    c.i32(1);
  }

  /** What may go on from an entry that was stored where none was is a streak. */
  #writeBegin(c: WasmCode, offset: number, before: number, at: number): void {
    const [rotated, most] = [c.local('i64'), c.local('i32')];
    c.get(1)
      .i64(ROTATION)
      .op('i64.rotl')
      .tee(rotated)
      .i64(BEYOND_PLAIN)
      .op('i64.shr_u')
      .get(before)
      .op('i64.or', 'i64.eqz');
    c.get(1).op('i64.eqz', 'i32.eqz', 'i32.and');
    c.if(undefined, () => {
      c.i32(0).get(at).i32(2).op('i32.shr_u').i32(2).op('i32.add').at('i32.store', place(0));
      c.i32(0).get(1).at('i64.store', place(1));
      c.cell(cells.openSize).get(offset).op('i32.wrap_i64', 'i32.sub').i32(3).op('i32.shr_u');
      c.i32(1).op('i32.sub').set(most);
      c.i32(0).get(most).at('i32.store', place(3));
      c.i32(0).get(most).at('i32.store', place(4));
      c.i32(0).cell(cells.cpu).at('i32.store', place(5));
      c.i32(0)
        .get(rotated)
        .op('i32.wrap_i64')
        .i32(this.#unit - 1)
        .op('i32.and')
        .at('i32.store', place(6));
      c.i32(0).i32(0).at('i32.store', place(7));
      this.#goOn(c, rotated, most);
    });
  }

  /** The streak goes on behind the address in local 0, if there is room. */
  #goOn(c: WasmCode, rotated: number, left: number): void {
    c.i32(0);
    c.get(left);
    c.if(
      'f64',
      () => c.get(0).i64(8).op('i64.add', 'f64.convert_i64_s'),
      () => c.f64(Number.NaN),
    );
    c.at('f64.store', STREAK_NEXT);
    c.i32(0)
      .get(rotated)
      .i64(this.#unit)
      .op('i64.add', 'f64.convert_i64_s')
      .at('f64.store', STREAK_NEXT + 8);
  }

  #writeStoreNext(c: WasmCode): void {
    const [previous, rotated] = [c.local('i64'), c.local('i64')];
    const [word, left] = [c.local('i32'), c.local('i32')];
    const refuse = (): void => void c.i32(0).op('return');
    c.get(0).op('f64.convert_i64_s').i32(0).at('f64.load', STREAK_NEXT).op('f64.ne').if(undefined, refuse);
    c.get(1).i64(ROTATION).op('i64.rotl').tee(rotated).i64(BEYOND_PLAIN).op('i64.shr_u');
    c.cell(place(0)).tee(word).i32(2).op('i32.shl').at('i64.load', HEAP).op('i64.or');
    c.op('i64.eqz', 'i32.eqz');
    c.cell(place(5)).cell(cells.cpu).op('i32.ne', 'i32.or').if(undefined, refuse);
    c.i32(0)
      .at('i64.load', place(1))
      .tee(previous)
      .i64(this.#unit >>> DESCRIPTOR_ROTATION)
      .op('i64.add')
      .get(1)
      .op('i64.ne');
    c.get(1).op('i32.wrap_i64').get(previous).op('i32.wrap_i64', 'i32.lt_u', 'i32.or');
    c.if(undefined, () => {
      c.get(rotated)
        .op('i32.wrap_i64')
        .i32(this.#unit - 1)
        .op('i32.and');
      c.cell(place(6)).op('i32.ne').if(undefined, refuse);
      c.i32(0).i32(1).at('i32.store', place(7));
    });
    c.get(word).i32(2).op('i32.shl').get(1).at('i64.store', HEAP);
    c.i32(0).get(word).i32(2).op('i32.add').at('i32.store', place(0));
    c.i32(0).get(1).at('i64.store', place(1));
    c.i32(0).cell(place(3)).i32(1).op('i32.sub').tee(left).at('i32.store', place(3));
    this.#goOn(c, rotated, left);
    c.i32(1);
  }
}
