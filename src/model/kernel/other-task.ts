// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** Another task, which has addresses that it can spare. Scenarios set it. */
interface OtherTask {
  /** What has to happen before it gives them back. */
  waitsFor: 'a request' | 'the caller to wait';
  /** Gives them back, and says how many pages that are; undefined where there is nothing (any more). */
  gives: (() => PageCount) | undefined;
}

export const otherTask = partOfState((): OtherTask => ({ waitsFor: 'a request', gives: undefined }));

/** @returns how many pages were given back */
export function letOtherGive(k: KernelWorld, event: OtherTask['waitsFor']): PageCount {
  const other = k.state(otherTask);
  const { gives } = other;
  if (gives === undefined || other.waitsFor !== event) return 0;
  other.gives = undefined;
  return gives();
}
