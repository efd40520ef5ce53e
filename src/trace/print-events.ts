// SPDX-License-Identifier: GPL-2.0-only
import { addedCall, eventAtEnd } from './added-calls.ts';
import { errorText } from './error-names.ts';
import { hex } from '../base/u64.ts';
import type { Descriptor } from '../base/descriptor.ts';
import { entryText, rightsText } from './entry-text.ts';
import type { FaultEvent, Intent, OperationEvent, PageRun, TableWriteEvent, TraceEvent } from './events.ts';
import type { Machine } from './machine.ts';
import { EntryFormat } from './page-table-entry.ts';
import { sizeText } from './size-text.ts';
import { attributesOf } from '../base/descriptor.ts';

/** From here on a caller's limit is none. */
const LARGEST_SHIFT = 48;

/** Prints events of one machine: `E12 table-write pmd 0xffff800080000000: none -> 2 MiB leaf pfn 0x50000 rw nx`. */
export class EventPrinter {
  readonly #entries: EntryFormat;

  constructor(machine: Machine) {
    this.#entries = new EntryFormat(machine);
  }

  /** One line, without a newline. */
  print(event: TraceEvent, n: number): string {
    return `E${n} ${this.text(event)}`;
  }

  /** The line without the number. */
  text(event: TraceEvent): string {
    switch (event.kind) {
      case 'operation':
        return this.#operation(event);
      case 'return': {
        if (event.error !== 0) return `return ${event.value === 0 ? 'NULL' : errorText(event.error)}`;
        const isElsewhere = event.addr !== undefined && event.addr !== event.value;
        return `return ${hex(event.value)}${isElsewhere ? ` for ${hex(event.addr)}` : ''}`;
      }
      case 'area':
        return `area ${range(event.addr, event.addr + event.size)} ${event.flagNames.join('|')}`;
      case 'table-write':
        return this.#tableWrite(event);
      case 'walk':
        return `walk ${event.level} ${hex(event.addr)}`;
      case 'alloc':
        return `alloc ${event.name} ${hex(event.addr)}, ${event.size} bytes`;
      case 'alloc-failure':
        return `alloc refused: ${event.name}`;
      case 'free':
        return `free ${event.what} ${hex(event.addr)}`;
      case 'page':
        return `page ${event.change} pfn ${hex(event.pfn)} order ${event.order}`;
      case 'page-given':
        return `page ${event.index} given: pfn ${event.pfn < 0 ? 'of none' : hex(event.pfn)}`;
      case 'tlb-flush': {
        const local = event.local ? ' (this CPU only)' : '';
        const [all, some] = event.bare ? ['tlbi all', 'tlbi'] : ['flush_tlb_all', 'flush_tlb_kernel_range'];
        return event.scope === 'all' ? `${all}${local}` : `${some} ${range(event.start, event.end)}${local}`;
      }
      case 'cache-flush':
        return event.call === 'flush_cache_all'
          ? event.call
          : `${event.call} ${range(event.start, event.end)}`;
      case 'barrier':
        return `barrier ${event.name}`;
      case 'lock':
        return `${event.change} ${event.name}`;
      case 'tree':
        return event.change === 'read'
          ? `search without its lock in the tree ${event.name}`
          : `${event.change} in the tree ${event.name}`;
      case 'tree-state':
        return `${event.fault} wrong in the tree ${event.name} at ${hex(event.addr)}`;
      case 'unreachable':
        return `nothing points to ${hex(event.addr)}`;
      case 'released':
        return `${range(event.addr, event.addr + event.size)} may be taken`;
      case 'given-back':
        return `another task gives ${hex(event.addr)} back`;
      case 'set-aside':
        return event.objects.length === 0
          ? 'nothing is kept for later'
          : `kept for later: ${event.objects.map((addr) => hex(addr)).join(', ')}`;
      case 'area-kept':
        return `${range(event.addr, event.addr + event.size)} is taken, by nobody`;
      case 'counter':
        return `${event.name}: ${event.value}`;
      case 'scope':
        return `${event.change} ${event.scope}`;
      case 'sync':
        return `arch_sync_kernel_mappings ${range(event.start, event.end)}`;
      case 'warn':
        return `${event.call}: ${event.condition}`;
      case 'fault':
        return faultText(event);
      case 'access':
        return `${event.access} ${hex(event.addr)} (phys ${hex(event.phys)})`;
      case 'fuel':
        return 'does not end: cut off here';
    }
  }

  #operation(event: OperationEvent): string {
    const added = addedCall(event);
    return added === undefined
      ? `call ${event.name}() on CPU${event.cpu}: ${this.#intent(event.intent)}`
      : `call ${added}() at the end, where ${eventAtEnd(added)}`;
  }

  #tableWrite(event: TableWriteEvent): string {
    const format = this.#entries.level(event.level);
    const place =
      event.addr === undefined
        ? `table pfn ${hex(event.table)} [${event.index}], not linked`
        : hex(event.addr);
    const before = entryText(this.#entries, format, event.before);
    const after = entryText(this.#entries, format, event.after);
    return `table-write ${event.level} ${place}: ${before} -> ${after}`;
  }

  #intent(intent: Intent): string {
    switch (intent.kind) {
      case 'map': {
        const at = intent.addr === undefined ? '' : ` at ${hex(intent.addr)}`;
        const pages = intent.pages === undefined ? '' : `, ${pagesText(intent.pages)}`;
        const legal = intent.legal ? '' : ', must be refused';
        const most =
          intent.maxShift >= LARGEST_SHIFT ? 'of any size' : `up to ${sizeText(2 ** intent.maxShift)}`;
        return `map ${sizeText(intent.size)}${at}${pages}, ${this.#rights(intent.prot)}, leaves ${most}${legal}`;
      }
      case 'take':
        return `take ${sizeText(intent.size)} of addresses`;
      case 'unmap':
        return `unmap ${range(intent.addr, intent.addr + intent.size)}`;
      case 'protect':
        return `make ${range(intent.addr, intent.addr + intent.size)} ${intent.change}`;
      case 'huge': {
        const legal = intent.legal ? '' : ', no size of the machine';
        return `${intent.change} ${sizeText(intent.size)} at ${hex(intent.addr)} pfn ${hex(intent.pfn)}${legal}`;
      }
      case 'show':
        return `show ${range(intent.addr, intent.addr + intent.size)}${intent.legal ? '' : ', must be refused'}`;
      case 'resize':
        return `make ${hex(intent.addr)} ${sizeText(intent.size)} large`;
      case 'linear':
        return `the linear map is made of pages${intent.follows ? ', which follow their aliases' : ''}`;
      case 'ask':
        return `asks, and may be told ${intent.answers.map((answer) => hex(answer)).join(' or ')}`;
      case 'other':
        return 'neither maps nor unmaps';
    }
  }

  #rights(prot: Descriptor): string {
    return rightsText(this.#entries, attributesOf(prot));
  }
}

/** The first few runs, then how many more. */
function pagesText(pages: readonly PageRun[]): string {
  const texts = pages.slice(0, 4).map(({ pfn, count, bad }) => {
    const times = count === 1 ? '' : `+${count}`;
    if (bad === 'null') return `NULL${count === 1 ? '' : ` * ${count}`}`;
    return `${bad === 'invalid' ? 'invalid ' : ''}${hex(pfn)}${times}`;
  });
  return `pfn ${texts.join(' ')}${pages.length > 4 ? ` and ${pages.length - 4} more runs` : ''}`;
}

function range(start: number, end: number): string {
  return `[${hex(start)}, ${hex(end)})${start === end ? ' (empty)' : ''}`;
}

function faultText(event: FaultEvent): string {
  const { object, place } = event;
  const of = object === undefined ? '' : ` of ${object.name} (${object.size} bytes at ${hex(object.addr)})`;
  if (event.access === 'none') return `fault: ${event.fault}${of}`;
  const where = place === undefined ? '' : `${place}, `;
  return `fault: ${event.fault} ${event.access} of ${where}${event.size} bytes at ${hex(event.addr)}${of}`;
}
