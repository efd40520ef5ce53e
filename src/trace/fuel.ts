// SPDX-License-Identifier: GPL-2.0-only

// Loop iterations that a call may take before it is cut off: a few for each page that it is about, and some thousands for
// searches.

export const FUEL_FOR_CALL = 100_000;
export const FUEL_FOR_PAGE = 64;
