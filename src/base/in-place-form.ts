// SPDX-License-Identifier: GPL-2.0-only

import type { HotForm } from './hot-form.ts';

// How a call is printed where it stands: what the emitter (src/translate) and the model, which do not know each other, have
// to agree on.

/** A JavaScript expression: for a value, or for the truth of what a function answers with 1 or 0. */
export type TextInPlace = { readonly value: string } | { readonly condition: string };

/** What a form prints with. */
export interface InPlacePrinter {
  /** A call of the function itself: for all that the form does not do. */
  call(...args: string[]): string;
  /** A call of the form's shortcut. */
  shortcut(...args: string[]): string;
  /** A variable that nothing else uses. */
  temporary(): string;
}

/** How a call of a function is printed where it stands. */
export interface FormInPlace {
  /** The same for hot code; absent where that calls the function. */
  readonly hot?: HotForm;
  /** The first argument is text of its truth, used once; the others are constants. */
  readonly asksTruth?: true;
  /** Absent where JavaScript calls the function. @param args names or constants, which may be used any number of times */
  readonly print?: (args: readonly string[], by: InPlacePrinter) => TextInPlace;
}

/** One that JavaScript has. */
export type PrintedForm = FormInPlace & Required<Pick<FormInPlace, 'print'>>;

export function isPrinted(form: FormInPlace): form is PrintedForm {
  return form.print !== undefined;
}
