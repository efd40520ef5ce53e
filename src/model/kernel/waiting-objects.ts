// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';

/** What is freed at the end of a grace period. */
export const makeWaiting = (): { objects: Ptr[] } => ({ objects: [] });
