// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import { descriptorHex } from '../../base/descriptor.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant } from '../invariant.ts';
import { quoteLeafSize } from '../quoting.ts';

export const mapLevel: Invariant = {
  id: 'map/level',
  title: 'no leaf too large',
  promise:
    "No leaf is larger than the machine and the caller's page_shift allow, and none is part of a contiguous run where the caller rules them out.",
  source:
    'The kernel-doc of vmap_pages_range(): page_shift is the maximum shift that the pages may be mapped with.',
  why: 'The caller vouches for contiguous pages up to its page_shift only, and a level without leaves takes an entry for a table, or faults.',
  example:
    'A 64 KiB shift reaches the PMD level, and a block is set for pages that are contiguous for 64 KiB.',
  limits:
    'What protection the architecture allows for blocks is not known beyond the entry being a legal leaf.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let illegal: { n: number; addr: VirtAddr; level: string } | undefined;
    const { format: entries } = run.state.tables;
    return {
      operation: () => {
        illegal = undefined;
      },
      'table-write': (event, n) => {
        if (illegal !== undefined || event.addr === undefined || run.operation === undefined) return;
        const kind = entries.kind(entries.level(event.level), event.after);
        if (kind === 'bad') illegal = { n, addr: event.addr, level: event.level };
      },
      return: (event) => {
        if (illegal !== undefined) {
          const format = entries.levels.find(({ name }) => name === illegal?.level)!;
          const entry = run.state.tables.entry(format, illegal.addr);
          if (entries.kind(format, entry) === 'bad') {
            verdict.exercise();
            const seen = `${descriptorHex(entry)} at ${hex(illegal.addr)}`;
            const expected = `a table or a leaf of the ${illegal.level} level`;
            verdict.violate({
              key: `illegal/${illegal.level}`,
              event: illegal.n,
              addr: illegal.addr,
              expected,
              seen,
            });
          }
        }
        const map = run.mapped(event);
        if (map?.intent.legal !== true) return;
        verdict.exercise();
        const most = 2 ** map.intent.maxShift;
        for (const leaf of run.leafRuns(map.range.addr, map.range.end)) {
          const { entrySize, runEntries, name } = leaf.format;
          const isRunAllowed = map.intent.runs !== false || !leaf.contiguous;
          if (isRunAllowed && entrySize * (leaf.contiguous ? runEntries : 1) <= most) continue;
          verdict.violate({
            key: leaf.contiguous ? `run/${name}` : name,
            event: run.lastWriteTo(leaf.addr),
            related: [map.operation.n],
            addr: leaf.addr,
            expected: isRunAllowed ? `leaves of at most ${sizeText(most)}` : 'no contiguous run',
            seen: `${quoteLeafSize(leaf)} at ${hex(leaf.addr)}`,
          });
        }
      },
    };
  },
};
