// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { LeafRun } from '../../trace/leaf-runs.ts';
import { modulo } from '../../trace/page-table-entry.ts';
import type { Invariant } from '../invariant.ts';
import type { JudgedOperation } from '../judged-run.ts';
import { quoteLeafSize } from '../quoting.ts';

export const mapContig: Invariant = {
  id: 'map/contig',
  title: 'contiguous runs are whole',
  promise:
    'A contiguous run is whole: every entry of it is present and bears the bit, with consecutive frames and the same attributes.',
  source: 'Arm ARM, the Contiguous bit: misprogramming it is CONSTRAINED UNPREDICTABLE; RISC-V Svnapot.',
  why: 'The walker may cache the whole run from any one entry: addresses that have no entry, or another one, then translate by it.',
  example: 'One page of a run is unmapped alone, and the other fifteen keep the bit.',
  limits:
    'Looks at runs that the call wrote to, when it returns. A whole run at the wrong place is map/align; a run torn by a change of attributes is split/set_memory. Not judged when the caller unmaps a part of a run.',
  severity: 'bug',
  appliesTo: (machine) => machine.attributes.contiguous !== 0,
  begin: (run, verdict) => ({
    return: (event) => {
      const { operation } = run;
      if (operation === undefined || !isJudged(operation)) return;
      const runs = run.writtenLeafRuns().filter(({ contiguous }) => contiguous);
      if (runs.length > 0) verdict.exercise();
      const torn = runs.find((leaf) => isTorn(leaf) && !isCutByCaller(operation, leaf));
      if (torn === undefined) return;
      const { entrySize, runEntries } = torn.format;
      const entries = (torn.end - torn.addr) / entrySize;
      verdict.violate({
        key: `${torn.format.name}${event.error === 0 ? '' : '/error'}`,
        event: run.lastWriteTo(torn.end - 1),
        addr: torn.addr,
        expected: `${runEntries} equal entries with consecutive frames from a multiple of ${runEntries} on`,
        seen: `${entries} of a ${quoteLeafSize(torn)} at ${hex(torn.addr)}, pfn ${hex(torn.pfn)}`,
      });
    },
  }),
};

/** Some of the neighbours that the hardware takes for the same run are missing or differ. */
export function isTorn(leaf: LeafRun): boolean {
  const { entrySize, runEntries } = leaf.format;
  const entries = (leaf.end - leaf.addr) / entrySize;
  const start = modulo(leaf.addr / entrySize, runEntries);
  if (start !== 0 && entries % runEntries === 0) return false;
  return start !== 0 || entries % runEntries !== 0;
}

function isJudged({ intent }: JudgedOperation): boolean {
  return intent.kind !== 'protect' && (intent.kind !== 'huge' || intent.legal);
}

function isCutByCaller({ intent }: JudgedOperation, leaf: LeafRun): boolean {
  if (intent.kind !== 'unmap') return false;
  const end = intent.addr + intent.size;
  const size = leaf.format.entrySize * leaf.format.runEntries;
  return [intent.addr, end].some(
    (edge) => edge > leaf.addr - size && edge < leaf.end + size && modulo(edge, size) !== 0,
  );
}
