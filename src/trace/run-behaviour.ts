// SPDX-License-Identifier: GPL-2.0-only
import {
  behaviourKinds,
  writeBehaviour,
  type Behaviour,
  type BehaviourKind,
  type OperationPart,
} from './behaviour.ts';
import type { OperationEvent, ReturnEvent } from './events.ts';
import { OperationBehaviour } from './operation-behaviour.ts';
import { entryFormatOf } from './page-table-entry.ts';
import { PlaceNames } from './place-names.ts';
import type { Trace } from './trace.ts';

/** What a run did, operation by operation; of one that has not ended, as far as it came. */
export function behaviourOf({ machine, events }: Trace): Behaviour {
  const entries = entryFormatOf(machine);
  const names = new PlaceNames(machine);
  const parts = emptyParts();
  let open: { readonly event: OperationEvent; readonly behaviour: OperationBehaviour } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { operation, name } = open.event;
    const texts = open.behaviour.texts();
    for (const kind of behaviourKinds) {
      if (texts[kind] !== '') parts[kind].push({ operation, name, text: texts[kind] });
    }
  };
  for (let n = 0; n < events.length; n++) {
    const event = events.at(n)!;
    if (event.kind === 'operation') {
      close();
      open = { event, behaviour: new OperationBehaviour(entries, names) };
    } else if (event.kind === 'page' && event.change === 'alloc') names.addPages(event.pfn, event.order);
    else if (event.kind === 'return' && open !== undefined) nameArea(names, open.event, event);
    // What is recorded behind a return, as the area that was made, is of the call that returned.
    open?.behaviour.take(event);
  }
  close();
  return writeBehaviour(parts);
}

function nameArea(names: PlaceNames, { operation, intent }: OperationEvent, { addr }: ReturnEvent): void {
  if (addr !== undefined && 'size' in intent) names.addRegion(addr, intent.size, operation);
}

function emptyParts(): Record<BehaviourKind, OperationPart[]> {
  return Object.fromEntries(behaviourKinds.map((kind) => [kind, []])) as never;
}
