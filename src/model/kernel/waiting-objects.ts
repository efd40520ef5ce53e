// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import { partOfState } from '../part-of-state.ts';

/** What is freed at the end of a grace period. */
export const waitingObjects = partOfState((): { objects: Ptr[] } => ({ objects: [] }));
