// SPDX-License-Identifier: GPL-2.0-only
import { constantEvents } from './constant-events.ts';
import { levelNames } from './level-names.ts';

// What stands in the first column of a row of an event log, where it is neither the place of a store nor the complement of the
// number of an event.

/** Column 0 of a walk's step, less the level's place: what no event that is no such step reaches. */
export const WALK = -2147483648;
export const LAST_WALK = WALK + levelNames.length - 1;
export const STREAK = LAST_WALK + 1;
export const VALUES = LAST_WALK + 2;
/** One of constant-events.ts, less its number: how hot code notes it. */
export const CONSTANT = LAST_WALK + 3;
export const LAST_CONSTANT = CONSTANT + constantEvents.length - 1;

/** Columns of a row. */
export const ROW_WIDTH = 6;

/** Stores that have a row each: fewer are not worth it, since whoever reads wants such rows. */
export const SHORT = 4;
