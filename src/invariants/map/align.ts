// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import type { LeafRun } from '../../trace/leaf-runs.ts';
import { modulo } from '../../trace/page-table-entry.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteLeafSize } from '../quoting.ts';

export const mapAlign: Invariant = {
  id: 'map/align',
  title: 'blocks are aligned',
  promise: 'A block leaf or a contiguous run is aligned, in virtual and in physical space, to its own size.',
  source:
    'Arm ARM, VMSAv8-64 block descriptors and the Contiguous bit; Intel SDM volume 3, large pages; RISC-V Svnapot.',
  why: 'The walker ignores or misreads the low bits of a misaligned block: the addresses translate to other memory, or fault.',
  example:
    'The alignment of the first page is tested only, and a later batch is set as a run with a misaligned frame.',
  limits:
    'Looks at what stands in the tables when the call returns, not at what stood there in between. A run that is not whole is map/contig.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => {
      let large = false;
      for (const leaf of run.writtenLeafRuns()) {
        if (leaf.format.entryPages === 1 && !leaf.contiguous) continue;
        large = true;
        check(run, verdict, leaf);
      }
      if (large) verdict.exercise();
    },
  }),
};

function check(run: JudgedRun, verdict: Verdict, leaf: LeafRun): void {
  const { entryPages } = leaf.format;
  if (leaf.rawPfn % entryPages !== 0) {
    report(run, verdict, leaf, { key: 'block-frame', addr: leaf.addr, pages: entryPages, pfn: leaf.rawPfn });
    return;
  }
  if (leaf.contiguous) checkRun(run, verdict, leaf);
}

/** Whole runs that do not begin where the hardware's runs begin; broken ones are not judged here. */
function checkRun(run: JudgedRun, verdict: Verdict, leaf: LeafRun): void {
  const { entrySize, entryPages, runEntries } = leaf.format;
  const entry = leaf.addr / entrySize;
  const entries = (leaf.end - leaf.addr) / entrySize;
  const pages = runEntries * entryPages;
  const offset = modulo(entry, runEntries);
  if (offset !== 0 && entries % runEntries === 0) {
    report(run, verdict, leaf, { key: 'run-address', addr: leaf.addr, pages, pfn: leaf.pfn });
    return;
  }
  if (offset === modulo(leaf.pfn / entryPages, runEntries) || entries < runEntries) return;
  report(run, verdict, leaf, { key: 'run-frame', addr: leaf.addr, pages, pfn: leaf.pfn });
}

function report(
  run: JudgedRun,
  verdict: Verdict,
  leaf: LeafRun,
  found: { key: string; addr: VirtAddr; pages: number; pfn: number },
): void {
  const { key, addr, pages, pfn } = found;
  const size = sizeText(pages * run.pageSize);
  const expected =
    key === 'run-address'
      ? `a run that begins at a multiple of ${size}`
      : `a frame that is a multiple of ${hex(pages)}`;
  verdict.violate({
    key: `${key}/${leaf.format.name}`,
    event: run.lastWriteTo(addr),
    addr,
    expected,
    seen: `${quoteLeafSize(leaf)} at ${hex(addr)} to pfn ${hex(pfn)}`,
  });
}
