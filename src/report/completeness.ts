// SPDX-License-Identifier: GPL-2.0-only

import type { Review } from './review-schema.ts';

/** Something was not modelled, took too long, or could not be read: silence then means nothing. */
export function isIncomplete({ notModelled, timedOut, diagnostics }: Review): boolean {
  return (
    notModelled.length > 0 || timedOut.length > 0 || diagnostics.some(({ severity }) => severity === 'error')
  );
}
