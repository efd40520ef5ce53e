// SPDX-License-Identifier: GPL-2.0-only
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';

/** Work of functions in TypeScript, which no C pointer names: by name, so that it is queued once. */
const deferredCalls = partOfState((): Map<string, () => void> => new Map());

/** Queues a call until runDeferredCalls(); one of the same name that waits already is enough. */
export function deferCall(k: KernelWorld, name: string, call: () => void): void {
  const calls = k.state(deferredCalls);
  if (!calls.has(name)) calls.set(name, call);
}

/** Runs what is queued, and what that queues, until nothing is left. */
export function runDeferredCalls(k: KernelWorld): void {
  const calls = k.state(deferredCalls);
  for (let next = calls.entries().next(); !next.done; next = calls.entries().next()) {
    const [name, call] = next.value;
    calls.delete(name);
    call();
  }
}
