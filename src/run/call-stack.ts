// SPDX-License-Identifier: GPL-2.0-only
import type { Token } from '../translate/token.ts';

/** One level of a C call stack. */
export interface Frame {
  readonly function: string;
  /** The C file and line, where the function is translated C; absent for model code. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** One level as the engine has it: still true where the same module is linked and its C has moved to other lines. */
export interface RawFrame {
  readonly function: string;
  /** The number of its compiled module and the line in it, from 0; absent for model code. */
  readonly module?: number;
  readonly line?: number;
  /** Of hot code: the offset in the kernel's module of it. */
  readonly hot?: number;
}

// The object before the name is whatever the function was called through.
const C_FRAME = /^\s*at (?:[\w$]+\.)?([\w$]+)(?: \[as [\w$]+\])? \(c-module-(\d+):(\d+):\d+\)$/;
const HOT_FRAME = /^\s*at .*\(wasm:\/\/wasm\/[^:]*:wasm-function\[\d+\]:0x([0-9a-f]+)\)$/;
const MODEL_FRAME = /^\s*at (?:[\w$]+\.)?(\w+)(?: \[as [\w$]+\])? \(.*\/model\/.*\)$/;

/**
 * The kernel's frames of the running code's stack, innermost first. Emitted modules are compiled under the file names c-module-N; of model code
 * only functions that bear a kernel function's name are kept.
 * @param stack of an error that was thrown; absent for where the code is now
 */
export function rawFrames(
  isKernelFunction: (name: string) => boolean,
  stack: string = deepStack(),
): RawFrame[] {
  const frames: RawFrame[] = [];
  for (const text of stack.split('\n')) {
    const [, name = '', module, line] = C_FRAME.exec(text) ?? [];
    if (module !== undefined) {
      frames.push({ function: name.replace(/\$$/, ''), module: Number(module), line: Number(line) - 1 });
      continue;
    }
    const [, offset] = HOT_FRAME.exec(text) ?? [];
    if (offset !== undefined) {
      frames.push({ function: '', hot: Number.parseInt(offset, 16) });
      continue;
    }
    const [, modelled] = MODEL_FRAME.exec(text) ?? [];
    if (modelled !== undefined && isKernelFunction(modelled)) frames.push({ function: modelled });
  }
  return frames;
}

/** Frames with their places in the C that is linked now. */
export function placeFrames(
  frames: readonly RawFrame[],
  placeOf: (module: number, line: number) => Token | undefined,
  hotPlaceOf: (offset: number) => { readonly function: string; readonly at: Token | undefined } | undefined,
): Frame[] {
  return frames.flatMap(({ function: name, module, line, hot }): Frame[] => {
    if (hot !== undefined) {
      const place = hotPlaceOf(hot);
      // Its helpers and what leads to and from JavaScript are nobody's functions.
      return place === undefined
        ? []
        : [{ function: place.function, file: place.at?.file.path, line: place.at?.line }];
    }
    if (module === undefined || line === undefined) return [{ function: name }];
    const place = placeOf(module, line);
    return [{ function: name, file: place?.file.path, line: place?.line }];
  });
}

/** The running code's stack, deep enough for any call chain of the kernel. */
function deepStack(): string {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = usual;
  return stack;
}
