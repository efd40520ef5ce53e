// SPDX-License-Identifier: GPL-2.0-only
import type { FaultEvent } from '../../trace/events.ts';

/** The running operation ends here: the kernel would have oopsed, or a sanitizer reported. */
export class KernelOops extends Error {
  override readonly name = 'KernelOops';
  readonly event: FaultEvent;
  constructor(event: FaultEvent) {
    super(`${event.fault} ${event.access} of ${event.size} bytes`);
    this.event = event;
  }
}
