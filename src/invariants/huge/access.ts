// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromBits, descriptorHex, type Descriptor } from '../../base/descriptor.ts';
import { hex } from '../../base/u64.ts';
import type { Intent, ReturnEvent } from '../../trace/events.ts';
import type { LevelFormat } from '../../trace/page-table-entry.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteAttributes } from '../quoting.ts';
import { levelOfSize } from './level-of-size.ts';

export const hugeAccess: Invariant = {
  id: 'huge/access',
  title: 'rights and access bits of huge pages',
  promise:
    'Each entry of a huge page holds the rights and access bits that were asked for; what hardware noted in any of them (accessed, dirty) is told by huge_ptep_get() and by what clears the page, and outlives a change of rights; a marker stands in every entry.',
  source:
    'arch/arm64/mm/hugetlbpage.c and arch/riscv/mm/hugetlbpage.c: hardware may note an access in any entry of a contiguous run.',
  why: 'A page that was written to and is taken for clean is dropped instead of written back; one that stays writable when it is shared is written to by the wrong process.',
  example: 'Only the first entry of a run is asked whether it is dirty.',
  limits:
    'What single entries become is what the model of the architecture says (pte_wrprotect() and its kin). Flushes that are the caller’s duty are not judged here.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: (event, n) => {
      const { operation } = run;
      const intent = operation?.intent;
      if (operation?.alone !== true || intent?.kind !== 'huge' || event.error !== 0) return;
      if (intent.entry === undefined || !intent.legal) return;
      verdict.exercise();
      const asked = { intent, entry: intent.entry, ...levelOfSize(run.state.tables.format, intent.size) };
      if (intent.change === 'read' || intent.change === 'clear') checkTold(run, verdict, asked, { event, n });
      else checkEntries(run, verdict, asked, { event, n });
    },
  }),
};

interface Asked {
  readonly intent: Extract<Intent, { kind: 'huge' }>;
  readonly entry: Descriptor;
  readonly format: LevelFormat;
}

interface Returned {
  readonly event: ReturnEvent;
  readonly n: number;
}

/** The entry that the call returned: what stands there, with what hardware noted in any entry. */
function checkTold(run: JudgedRun, verdict: Verdict, asked: Asked, { event, n }: Returned): void {
  const { intent, entry, format } = asked;
  const told = descriptorFromBits(event.value);
  if (sameEntry(run, asked, told, intent.addr)) {
    const change = intent.change === 'read' ? run.changes()[0] : undefined;
    if (change === undefined) return;
    verdict.violate({
      key: `changed/${format.name}`,
      event: run.lastWriteTo(change.addr),
      addr: change.addr,
      expected: 'no change of what is read',
      seen: `${hex(change.addr)} changed`,
    });
    return;
  }
  verdict.violate({
    key: `told/${format.name}`,
    event: n,
    related: [run.operation?.n ?? n],
    addr: intent.addr,
    expected: `an entry with attributes ${attributesText(run, asked, entry)}`,
    seen: `${descriptorHex(told)}, attributes ${attributesText(run, asked, told)}`,
  });
}

function checkEntries(run: JudgedRun, verdict: Verdict, asked: Asked, { event, n }: Returned): void {
  const { intent, entry, format } = asked;
  const { tables } = run.state;
  const end = intent.addr + intent.size;
  for (let { addr } = intent; addr < end; addr += format.entrySize) {
    const there = tables.entry(format, addr);
    if (sameEntry(run, asked, there, addr)) continue;
    verdict.violate({
      key: `${intent.change}/${format.name}`,
      event: run.lastWriteTo(addr),
      addr,
      expected: `an entry with attributes ${attributesText(run, asked, entry)}`,
      seen: `${descriptorHex(there)}, attributes ${attributesText(run, asked, there)}`,
    });
    return;
  }
  if (intent.change !== 'access' || Number(event.value) !== 0 || run.changes().length === 0) return;
  verdict.violate({
    key: `untold/${format.name}`,
    event: n,
    related: [run.lastWriteTo(intent.addr)],
    addr: intent.addr,
    expected: 'a result that says that something changed',
    seen: '0',
  });
}

/** Equal but for the frame, which huge/size looks at. */
function sameEntry(run: JudgedRun, asked: Asked, there: Descriptor, addr: number): boolean {
  if (asked.intent.change === 'mark') return there === asked.entry;
  return attributes(run, asked, there, addr) === attributes(run, asked, asked.entry, addr);
}

function attributes(run: JudgedRun, { format }: Asked, entry: Descriptor, addr: number): number {
  return run.state.tables.format.leaf(format, entry, addr).attributes;
}

function attributesText(run: JudgedRun, asked: Asked, entry: Descriptor): string {
  return quoteAttributes(attributes(run, asked, entry, asked.intent.addr));
}
