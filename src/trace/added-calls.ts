// SPDX-License-Identifier: GPL-2.0-only
import type { OperationEvent } from './events.ts';

/** Calls that are made behind those of a scenario, so that what is left is a leak: what they are, and what happens then. */
const WORDS = {
  vm_unmap_aliases: { name: 'the purge at the end', event: 'what was freed lazily is purged' },
  flush_scheduled_work: { name: 'the work at the end', event: 'workers do what was put off' },
} as const;

export type AddedCall = keyof typeof WORDS;

/** What happens at the end of a scenario, by the call that does it: `what was freed lazily is purged`. */
export function eventAtEnd(call: AddedCall): string {
  return WORDS[call].event;
}

/** A call by its name, and whether it is made behind the scenario's own. */
type CallMade = Pick<OperationEvent, 'name'> & { readonly atEnd?: true | undefined };

/** Behind the scenario's own calls: the call that is made there. */
export function addedCall({ name, atEnd }: CallMade): AddedCall | undefined {
  return atEnd === true && Object.hasOwn(WORDS, name) ? (name as AddedCall) : undefined;
}

/** A call as a reader of its scenario knows it: `vfree()`, `the purge at the end:`. */
export function callInWords(event: CallMade): string {
  const added = addedCall(event);
  return added === undefined ? `${event.name}()` : `${WORDS[added].name}:`;
}

/** When a call is over, as its caller would put it: `vfree() returns`. */
export function endOfCall(event: CallMade): string {
  const added = addedCall(event);
  return added === undefined ? `${event.name}() returns` : `${WORDS[added].name} is over`;
}
