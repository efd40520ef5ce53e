// SPDX-License-Identifier: GPL-2.0-only
import type { FormInPlace } from '../base/in-place-form.ts';
import type { Kernel } from './kernel.ts';

/** How a call of a kernel function is printed in place. */
export interface InPlace extends FormInPlace {
  /** Of the model, for the usual case: it tells whether it did the work, or NaN for a value that it does not have. */
  readonly shortcut?: (k: Kernel, ...args: never[]) => number | boolean;
}
