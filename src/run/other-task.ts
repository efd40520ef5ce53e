// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { otherTask } from '../model/kernel/other-task.ts';
import { findDefinition } from './program.ts';
import type { Operation } from './scenario.ts';
import { noArea, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** An area that another task can spare. */
export interface Offer {
  readonly addr: VirtAddr;
  /** From now on it is given back when it is wanted; `end()` when the call has returned. */
  begin(): void;
  end(): void;
}

const MUST_NOT_FAIL = '__GFP_NOFAIL';

/** What the other task of an operation has to give; undefined where there is none. */
export function offerOf(
  stage: Stage,
  { areas }: ScenarioState,
  operation: Operation,
): Offer | Unreachable | undefined {
  const { gives } = operation;
  if (gives === undefined) return undefined;
  const area = areas.get(gives);
  if (area === undefined) return noArea(gives);
  if (area.kind !== 'taken') return { notReached: `something may be mapped in the area of #${gives}` };
  const mask = 'gfp' in operation ? (operation.gfp ?? '') : '';
  const waits = mask.includes(MUST_NOT_FAIL);
  const { kernel, linked } = stage;
  // Those who registered for purges are asked before a call fails; what must not fail waits.
  if (!waits && findDefinition(linked.program, 'register_vmap_purge_notifier', undefined) === undefined)
    return { notReached: 'nobody is asked for addresses in this tree', treeLacks: true };
  const { addr, size } = area;
  const other = kernel.state(otherTask);
  return {
    addr,
    begin: () => {
      other.waitsFor = waits ? 'the caller to wait' : 'a request';
      other.gives = () => {
        areas.delete(gives);
        linked.call('vunmap', [addr]);
        linked.emit({ kind: 'given-back', addr });
        return size / stage.pageSize;
      };
    },
    end: () => {
      other.gives = undefined;
    },
  };
}
