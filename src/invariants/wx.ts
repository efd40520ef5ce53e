// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf } from '../base/descriptor.ts';
import { hex } from '../base/u64.ts';
import type { Invariant } from './invariant.ts';
import type { JudgedOperation, JudgedRun } from './judged-run.ts';

export const wx: Invariant = {
  id: 'wx',
  title: 'nothing writable and executable',
  promise: 'Nothing becomes writable and executable at once without being asked for.',
  source: 'Documentation/security/self-protection.rst; CONFIG_STRICT_KERNEL_RWX, CONFIG_DEBUG_WX.',
  why: 'Memory that can be written and run turns any stray write into code execution.',
  example: 'The bit that forbids execution is lost when a protection is converted to that of a block.',
  limits:
    "A caller that asks for it (a W+X protection, set_memory_x() on writable memory) is not the callee's fault.",
  severity: 'risk',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => {
      const { operation } = run;
      if (operation === undefined || isAskedFor(run, operation)) return;
      const { format } = run.state.tables;
      const runs = run.writtenLeafRuns().filter(({ addr }) => run.inVmallocSpace(addr));
      if (runs.length > 0) verdict.exercise();
      const open = runs.find(
        ({ attributes }) => format.isWritable(attributes) && format.isExecutable(attributes),
      );
      if (open === undefined) return;
      const before = run.state.tables.lookupBefore(open.addr, operation.journal).leaf?.attributes;
      if (before !== undefined && format.isWritable(before) && format.isExecutable(before)) return;
      verdict.violate({
        key: open.format.name,
        event: run.lastWriteTo(open.addr),
        related: [operation.n],
        addr: open.addr,
        expected: 'writable or executable',
        seen: `both, at ${hex(open.addr)}`,
      });
    },
  }),
};

function isAskedFor(run: JudgedRun, { intent }: JudgedOperation): boolean {
  const { format } = run.state.tables;
  switch (intent.kind) {
    case 'map':
    case 'huge': {
      const asked = attributesOf(intent.prot);
      return format.isWritable(asked) && format.isExecutable(asked);
    }
    case 'protect':
      return !['ro', 'nx', 'rox'].includes(intent.change);
    default:
      return false;
  }
}
