// SPDX-License-Identifier: GPL-2.0-only
import type { Token } from '../translate/token.ts';

/** One level of a C call stack. */
export interface Frame {
  readonly function: string;
  /** The C file and line, where the function is translated C; absent for model code. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

// The object before the name is whatever the function was called through.
const C_FRAME = /^\s*at (?:[\w$]+\.)?([\w$]+)(?: \[as [\w$]+\])? \(c-module-(\d+):(\d+):\d+\)$/;
const MODEL_FRAME = /^\s*at (?:[\w$]+\.)?(\w+)(?: \[as [\w$]+\])? \(.*\/model\/.*\)$/;

/**
 * The kernel's frames of a JavaScript stack. Emitted modules are compiled under the file names c-module-N, and each of
 * their lines knows its C; of model code only functions that bear a kernel function's name are kept.
 */
export function callStack(
  stack: string,
  placeOf: (module: number, line: number) => Token | undefined,
  isKernelFunction: (name: string) => boolean,
): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    const [, name = '', module, line] = C_FRAME.exec(text) ?? [];
    if (module !== undefined) {
      const place = placeOf(Number(module), Number(line) - 1);
      frames.push({ function: name.replace(/\$$/, ''), file: place?.file.path, line: place?.line });
      continue;
    }
    const [, modelled] = MODEL_FRAME.exec(text) ?? [];
    if (modelled !== undefined && isKernelFunction(modelled)) frames.push({ function: modelled });
  }
  return frames;
}
