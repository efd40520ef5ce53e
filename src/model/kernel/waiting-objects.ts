// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** What is freed at the end of a grace period. */
export const waitingObjects = partOfState((): { objects: Ptr[] } => ({ objects: [] }));

/** Nobody reads any more what waits to be freed. Emits `free`. */
export function endGracePeriod(k: Kernel): void {
  for (const object of k.state(waitingObjects).objects.splice(0)) k.kvfree(object);
}
