// SPDX-License-Identifier: GPL-2.0-only
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { LinkedKernel } from '../../src/run/link.ts';
import type { TraceEvent } from '../../src/trace/events.ts';

// A kernel whose tree is a few lines of C.

export const arm64 = machineNamed('arm64-4k')!;

/** All that the tree has, and the model for the rest. */
export function link(source: Readonly<Record<string, string>>, ...alsoCalled: string[]): LinkedKernel {
  return linkTree({ machine: arm64, source, mode: 'from-tree', alsoCalled });
}

/** Calls a function of the tree once the kernel is up. */
export function callOf(linked: LinkedKernel, name: string): { value: number; events: TraceEvent[] } {
  const events: TraceEvent[] = [];
  linked.boot(events);
  return { value: Number(linked.call(name, [])), events };
}

/** What a body of C yields. @param before what stands above its function */
export function evaluate(body: string, before = ''): number {
  const text = `#include <linux/vmalloc.h>\n${before}\nlong asked(void)\n{\n${body}\n}\n`;
  return callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked').value;
}
