// SPDX-License-Identifier: GPL-2.0-only
import type { Token } from '../translate/token.ts';

/** One level of a C call stack. */
export interface Frame {
  readonly function: string;
  /** The C file and line, where the function is translated C; absent for model code. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

const FRAME = /^\s*at (?:Object\.)?([\w$]+) \(c-module-(\d+):(\d+):\d+\)$/;

/**
 * The C frames of a JavaScript stack. Emitted modules are compiled under the file names c-module-N, and each of their
 * lines knows its C.
 */
export function callStack(
  stack: string,
  placeOf: (module: number, line: number) => Token | undefined,
): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    const match = FRAME.exec(text);
    if (match === null) continue;
    const [, name = '', module, line] = match;
    const place = placeOf(Number(module), Number(line) - 1);
    frames.push({ function: name.replace(/\$$/, ''), file: place?.file.path, line: place?.line });
  }
  return frames;
}
