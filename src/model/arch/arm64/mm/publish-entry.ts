// SPDX-License-Identifier: GPL-2.0-only
import type { HotHelpers } from '../../../../base/hot-form.ts';
import { cells } from '../../../../base/hot-layout.ts';
import type { WasmCode } from '../../../../base/wasm-module.ts';
import { constantEvents, dsbIshst, isb } from '../../../../trace/constant-events.ts';
import type { Kernel } from '../../../kernel.ts';
import { lazyMmu } from '../../../mm/lazy-mmu-state.ts';

/** The walker sees all entries written so far before the CPU goes on. Emits `barrier`. */
export function emitBarriers(k: Kernel): void {
  k.trace.emit(dsbIshst);
  k.trace.emit(isb);
}

/** A valid kernel entry was written: barriers now, or at the end of lazy MMU mode. Emits `barrier`. */
export function publishEntry(k: Kernel): void {
  const lazy = k.state(lazyMmu);
  if (lazy.depth > 0) lazy.pending = true;
  else emitBarriers(k);
}

/** publishEntry() for hot code. */
export function writePublish(code: WasmCode, helpers: HotHelpers): void {
  code.cell(cells.lazyDepth).i32(0).op('i32.gt_s');
  code.if(
    undefined,
    () => code.i32(0).i32(1).at('i32.store', cells.lazyPending),
    () => {
      writeBarriers(code, helpers);
    },
  );
}

/** emitBarriers() for hot code. */
export function writeBarriers(code: WasmCode, helpers: HotHelpers): void {
  helpers.constant(code, constantEvents.indexOf(dsbIshst));
  helpers.constant(code, constantEvents.indexOf(isb));
}
