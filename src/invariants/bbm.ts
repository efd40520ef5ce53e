// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, descriptorHex, type Descriptor } from '../base/descriptor.ts';
import { hex } from '../base/u64.ts';
import type { TableWriteEvent } from '../trace/events.ts';
import type { LevelFormat } from '../trace/page-table-entry.ts';
import type { Invariant } from './invariant.ts';
import type { JudgedRun } from './judged-run.ts';

export const bbm: Invariant = {
  id: 'bbm',
  title: 'break before make',
  promise:
    'A valid entry is not replaced by another valid one with a different size, address or memory type without being made invalid and flushed between, unless the machine allows it.',
  source:
    'Arm ARM, D8.16 "Using break-before-make when updating translation table entries"; FEAT_BBM. RISC-V privileged specification, Svnapot: the entries of a range are to be made invalid and flushed before they are changed.',
  why: 'Two translations of one address in one TLB raise a conflict abort, or mix their results.',
  example: 'A block is replaced by a table of pages while it is in use.',
  limits:
    'arm64, and runs of huge entries on RISC-V; otherwise architectures allow it and only owe a flush (flush/tlb). Entries that were cleared and not flushed before they are used again are flush/tlb, except where set_huge_pte_at() does both; splits by set_memory_*() are split/set_memory. That caller of set_huge_pte_at() cleared a single entry before is its own duty.',
  severity: 'bug',
  appliesTo: ({ arch, attributes }) => arch === 'arm64' || attributes.contiguous !== 0,
  begin: (run, verdict) => {
    let broken: { n: number; event: TableWriteEvent; why: string; since?: number } | undefined;
    let replaced = false;
    return {
      operation: () => {
        broken = undefined;
        replaced = false;
      },
      'table-write': (event, n) => {
        const kind = run.operation?.intent.kind;
        if (kind !== 'huge' && run.machine.arch !== 'arm64') return;
        if (event.addr === undefined || kind === undefined || kind === 'protect' || broken !== undefined)
          return;
        const { format: entries } = run.state.tables;
        const format = entries.level(event.level);
        if (entries.kind(format, event.before) === 'leaf' && kind === 'huge') replaced = true;
        if (entries.kind(format, event.after) === 'none') return;
        if (kind === 'huge') {
          if (!entries.isContiguous(format, event.after)) return;
          const stale = run.state.stale.overlapping(event.addr, event.addr + format.entrySize);
          const unflushed = stale.find(({ since }) => since >= (run.operation?.n ?? 0));
          if (unflushed !== undefined) broken = { n, event, why: 'not flushed', since: unflushed.since };
          return;
        }
        if (entries.kind(format, event.before) === 'none') return;
        replaced = true;
        const why = forbidden(run, format, event.before, event.after);
        if (why !== undefined) broken = { n, event, why };
      },
      return: () => {
        if (replaced) verdict.exercise();
        if (broken === undefined) return;
        const { n, event, why, since } = broken;
        verdict.violate({
          key: `${why}/${event.level}`,
          event: n,
          related: since === undefined ? [] : [since],
          ...(event.addr === undefined ? {} : { addr: event.addr }),
          expected: 'an invalid entry and a flush in between',
          seen: `${descriptorHex(event.before)} replaced by ${descriptorHex(event.after)} at ${hex(event.addr ?? 0)}: ${why}`,
        });
      },
    };
  },
};

/** What of a replacement needs break-before-make; undefined when nothing does. */
function forbidden(
  run: JudgedRun,
  format: LevelFormat,
  before: Descriptor,
  after: Descriptor,
): string | undefined {
  const { format: entries } = run.state.tables;
  const kinds = [entries.kind(format, before), entries.kind(format, after)];
  if (kinds[0] === 'table' && kinds[1] === 'table') {
    return entries.rawPfn(entries.last, before) === entries.rawPfn(entries.last, after)
      ? undefined
      : 'other table';
  }
  if (kinds[0] !== kinds[1]) return run.machine.splitsLive ? undefined : 'size changes';
  if (entries.rawPfn(format, before) !== entries.rawPfn(format, after)) return 'address changes';
  const changed = attributesOf(before) ^ attributesOf(after);
  if ((changed & run.machine.attributes.memoryType) !== 0) return 'memory type changes';
  if ((changed & run.machine.attributes.contiguous) !== 0 && !run.machine.splitsLive) return 'size changes';
  return undefined;
}
