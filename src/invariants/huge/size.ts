// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { Intent } from '../../trace/events.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { levelOfSize } from './level-of-size.ts';
import { quoteLeafSize, quoteRange, quoteTranslation } from '../quoting.ts';

export const hugeSize: Invariant = {
  id: 'huge/size',
  title: 'huge entries of the right level',
  promise:
    'set_huge_pte_at() and its relatives treat a size as the level that it belongs to: n entries of one level, never entries of another, and nothing outside of the size.',
  source:
    'Documentation/mm/hugetlbfs and arch/arm64/mm/hugetlbpage.c: a size names its level and its number of entries.',
  why: 'A PMD entry taken for 512 PTEs is written 512 entries far into the PMD table: a gigabyte of other mappings.',
  example: 'PMD_SIZE falls into a case that counts base pages.',
  limits: 'For a size that the machine does not know, only that nothing outside of it changes is checked.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: (event) => {
      const { operation } = run;
      const intent = operation?.intent;
      if (operation?.alone !== true || intent?.kind !== 'huge' || event.error !== 0) return;
      verdict.exercise();
      if (checkOutside(run, verdict, intent)) return;
      if (intent.legal && intent.change !== 'mark' && intent.change !== 'read') check(run, verdict, intent);
    },
  }),
};

type HugeIntent = Extract<Intent, { kind: 'huge' }>;

function checkOutside(run: JudgedRun, verdict: Verdict, { addr, size }: HugeIntent): boolean {
  const change = run.changesOutside(addr, addr + size)[0];
  if (change === undefined) return false;
  verdict.violate({
    key: `outside/${sizeText(size)}`,
    event: run.lastWriteTo(change.addr),
    addr: change.addr,
    expected: `no change outside of ${quoteRange(addr, addr + size)}`,
    seen: `${hex(change.addr)}: ${quoteTranslation(change.addr, change.after, run.pageSize)}`,
  });
  return true;
}

function check(run: JudgedRun, verdict: Verdict, intent: HugeIntent): void {
  const { addr, size, pfn, change } = intent;
  const [leaf, second] = run.leafRuns(addr, addr + size);
  if (change === 'clear') {
    if (leaf === undefined) return;
    const seen = `${quoteLeafSize(leaf)} at ${hex(leaf.addr)}`;
    verdict.violate({
      key: `left/${sizeText(size)}`,
      event: run.lastWriteTo(leaf.addr),
      addr: leaf.addr,
      expected: 'no entry left',
      seen,
    });
    return;
  }
  const { format, contiguous } = levelOfSize(run.state.tables.format, size);
  const right =
    leaf?.addr === addr &&
    leaf.end === addr + size &&
    second === undefined &&
    leaf.pfn === pfn &&
    leaf.format === format &&
    leaf.contiguous === contiguous;
  if (right) return;
  const count = size / format.entrySize;
  verdict.violate({
    key: `entries/${sizeText(size)}`,
    event: run.lastWriteTo(addr),
    addr,
    expected: `${count} ${contiguous ? 'contiguous ' : ''}${format.name} ${count === 1 ? 'entry' : 'entries'} from pfn ${hex(pfn)}`,
    seen:
      leaf === undefined
        ? 'no translation'
        : `${quoteLeafSize(leaf)} to pfn ${hex(leaf.pfn)}, ${quoteRange(leaf.addr, leaf.end)}`,
  });
}
