// SPDX-License-Identifier: GPL-2.0-only

/** Where the running code was called from. Scenarios set it. */
export interface ExecutionContext {
  /** An interrupt handler: nothing may sleep. */
  inInterrupt: boolean;
}

export const makeExecutionContext = (): ExecutionContext => ({ inInterrupt: false });
