// SPDX-License-Identifier: GPL-2.0-only
import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import type { PageCount, Shift } from '../base/units.ts';
import { MORE_THAN_MEMORY } from './frames.ts';
import { calls } from './scenario-calls.ts';
import {
  areaUsedBy,
  countPages,
  isPowerOfTwo,
  makesArea,
  mayBeCompound,
  type AllocatedSize,
  type Operation,
  type PageGroup,
  type Place,
  type RunGroup,
  type Scenario,
} from './scenario.ts';
import { areaNumber, areaOrNone, place, range } from './scenario-places.ts';
import {
  accessOf,
  addressOf,
  distancesOf,
  enabledOf,
  flagsOf,
  frameEndOf,
  hugeStateOf,
  leavesOf,
  limitsOf,
  maskOf,
  memoryOf,
  nodeOf,
  otherMaskOf,
  protectionOf,
  refusedStartOf,
  slotName,
  wholeLeavesOf,
} from './scenario-options.ts';
import { circumstances, ScenarioError, Words } from './scenario-words.ts';

/** More than any address space holds, so that taking an area can fail. */
const MOST_OF_AN_AREA = 2 ** 40;
/** As many pages as fill the largest leaf of any machine twice, and no more: arrays of them are really built. */
const MOST_PAGES = 2 ** 20;
/** Of one run that no array stands for. */
const MOST_OF_A_RUN = 2 ** 22;
const MOST_OPERATIONS = 1000;

/** Reads the text form of a scenario (scenario-text.ts). @param pageShift the machine's */
export function parseScenario(text: string, pageShift: Shift): WithDiagnostics<Scenario | undefined> {
  try {
    return { value: new ScenarioParser(pageShift).scenario(text), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const diagnostic: Diagnostic = {
      code: 'run/scenario',
      severity: 'error',
      message: error.message,
      hint: 'a scenario reads like `vmap 4K*3,64K; set_memory_ro #0+2*4; vunmap #0`',
    };
    return { value: undefined, diagnostics: [diagnostic] };
  }
}

const RUN =
  /^(?<follows>\+)?(?<size>\d+[KMGT]?)(?:@\+(?<misaligned>\d+))?(?:\[(?<first>\d+)\+(?<count>\d+)\])?(?<split>:split)?(?<again>:again)?(?:\*(?<repeat>\d+))?$/;
const BAD = /^(?<bad>null|invalid)(?:\*(?<count>\d+))?$/;

class ScenarioParser {
  readonly #pageShift: Shift;

  constructor(pageShift: Shift) {
    this.#pageShift = pageShift;
  }

  scenario(text: string): Scenario {
    const operations: Operation[] = [];
    for (const part of text.split(';')) {
      if (part.trim() === '') continue;
      const words = new Words(part);
      const operation = { ...this.#operation(words), ...circumstances(words) };
      words.end();
      this.#checkArea(operation, operations);
      operations.push(operation);
      if (operations.length > MOST_OPERATIONS) throw new ScenarioError(`more than ${MOST_OPERATIONS} calls`);
    }
    if (operations.length === 0) throw new ScenarioError('the scenario is empty');
    return { operations };
  }

  #checkArea(operation: Operation, before: readonly Operation[]): void {
    for (const area of [areaUsedBy(operation), operation.gives]) {
      const maker = area === undefined ? undefined : before[area];
      if (area === undefined || (maker !== undefined && makesArea(maker))) continue;
      const wrong =
        maker === undefined ? 'is not an earlier call' : `is \`${maker.call}\`, which makes no area`;
      throw new ScenarioError(`\`#${area}\` in \`${operation.call}\` ${wrong}`);
    }
  }

  #operation(words: Words): Operation {
    const call = calls.find((each) => each === words.call);
    switch (call) {
      case undefined:
        throw new ScenarioError(`\`${words.call}\` is none of ${calls.join(', ')}`);
      case 'vmap':
        return { call, pages: this.#groups(words), prot: protectionOf(words), flags: flagsOf(words, call) };
      case 'get_vm_area':
        return { call, size: this.#takenSize(words), flags: flagsOf(words, call) };
      case '__get_vm_area_caller': {
        const size = this.#takenSize(words);
        return { call, size, ...limitsOf(words), flags: flagsOf(words, call) };
      }
      case 'vmalloc':
      case 'vzalloc':
      case 'vmalloc_user':
      case 'vmalloc_huge':
      case 'vmalloc_32':
      case 'vmalloc_32_user':
      case 'vmalloc_node':
      case 'vzalloc_node': {
        const asked = { call, ...this.#allocatedSize(words) };
        return call === 'vmalloc_huge' ? { ...asked, ...otherMaskOf(words) } : asked;
      }
      case '__vmalloc':
      case '__vmalloc_node':
        return { call, ...this.#allocatedSize(words), gfp: maskOf(words) };
      case '__vmalloc_node_range':
        return {
          call,
          ...this.#allocatedSize(words),
          align: this.#align(words),
          ...limitsOf(words),
          ...nodeOf(words),
          prot: protectionOf(words),
          flags: flagsOf(words, call),
          gfp: maskOf(words),
        };
      case 'vrealloc':
        return { call, area: areaNumber(words.next('area')), ...this.#newSize(words), ...otherMaskOf(words) };
      case 'vm_map_ram':
        return { call, pages: this.#groups(words) };
      case 'vm_unmap_aliases':
      case 'flush_scheduled_work':
      case 'set_nohugeiomap':
      case 'vmalloc_info_show':
      case 'vmap_node_shrink_count':
      case 'vmap_node_shrink_scan':
        return { call };
      case 'vunmap':
      case 'vfree':
      case 'vfree_atomic':
        return { call, area: areaOrNone(words.next('area')) };
      case 'pcpu_free_vm_areas':
      case 'arch_remove_memory':
      case 'iounmap':
      case 'free_vm_area':
      case 'vm_unmap_ram':
        return { call, area: areaNumber(words.next('area')) };
      case 'vread_iter':
        return { call, at: place(words.next('place')), ...this.#allocatedSize(words) };
      case 'pcpu_get_vm_areas':
        return { call, size: this.#size(words.next('size')), ...distancesOf(words) };
      case 'vmap_pfn': {
        const size = this.#size(words.next('size'));
        return { call, size, prot: protectionOf(words), ...frameEndOf(words) };
      }
      case 'vmalloc_dump_obj':
      case 'vmalloc_to_page':
      case 'vmalloc_to_pfn':
      case 'set_direct_map_invalid_noflush':
      case 'set_direct_map_default_noflush':
      case 'kernel_page_present':
        return { call, at: place(words.next('place')) };
      case 'vmap_pages_range': {
        const at = place(words.next('place'));
        return { call, at, pages: this.#groups(words), prot: protectionOf(words), shift: this.#shift(words) };
      }
      case 'vmap_page_range':
      case 'ioremap_page_range': {
        const at = place(words.next('place'));
        return { call, at, frames: this.#frames(words), prot: protectionOf(words) };
      }
      case 'set_huge_pte_at':
        return { call, ...this.#hugePlace(words), prot: protectionOf(words), ...hugeStateOf(words) };
      case 'huge_ptep_set_access_flags':
        return { call, ...this.#hugePlace(words), prot: protectionOf(words), ...accessOf(words) };
      case 'huge_ptep_get':
      case 'huge_ptep_set_wrprotect':
      case 'huge_ptep_get_and_clear':
      case 'huge_ptep_clear_flush':
      case 'huge_ptep_modify_prot_start':
      case 'huge_pte_clear':
      case 'huge_pte_alloc':
        return { call, ...this.#hugePlace(words) };
      case 'huge_ptep_modify_prot_commit':
        return { call, ...this.#hugePlace(words), prot: protectionOf(words) };
      case 'arch_make_huge_pte':
        return { call, size: this.#size(words.next('size')), prot: protectionOf(words) };
      case 'arch_parse_debug_rodata':
      case 'arch_hugetlb_valid_size':
      case 'hugetlb_mask_last_page':
        return { call, size: this.#size(words.next('size')) };
      case 'update_mapping_prot':
        return { call, at: place(words.next('place')), prot: protectionOf(words) };
      case 'map_mem':
        return { call, pages: this.#groups(words), leaves: wholeLeavesOf(words) };
      case '__map_memblock':
        return { call, frames: this.#frames(words), leaves: leavesOf(words) };
      case 'create_pgd_mapping': {
        const at = place(words.next('place'));
        const frames = this.#frames(words);
        return { call, at, frames, offset: this.#offset(words), leaves: wholeLeavesOf(words) };
      }
      case 'arch_add_memory':
        return { call, frames: this.#frames(words) };
      case 'is_vmalloc_addr':
        return { call, address: addressOf(words) };
      case '__set_fixmap': {
        const slot = slotName(words.next('slot'));
        return { call, slot, pages: this.#groups(words), prot: protectionOf(words) };
      }
      case 'ioremap_prot':
        return { call, ...this.#newSize(words), offset: this.#offset(words), memory: memoryOf(words) };
      case 'vm_area_map_pages':
        return { call, at: place(words.next('place')), pages: this.#groups(words) };
      case 'set_memory_valid':
        return { call, ...range(words.next('range')), enable: enabledOf(words) };
      case 'remap_vmalloc_range':
        return { call, ...range(words.next('range')), ...refusedStartOf(words) };
      default:
        return { call, ...range(words.next('range')) };
    }
  }

  #hugePlace(words: Words): { readonly at: Place; readonly size: PageCount } {
    return { at: place(words.next('place')), size: this.#size(words.next('size')) };
  }

  #frames(words: Words): PageGroup {
    const groups = this.#groups(words, MOST_OF_A_RUN);
    const [group] = groups;
    const isOneRun = group !== undefined && groups.length === 1 && !('bad' in group) && group.repeat === 1;
    if (!isOneRun) throw new ScenarioError(`\`${words.call}\` takes one run of frames`);
    return group;
  }

  #groups(words: Words, most = MOST_PAGES): readonly PageGroup[] {
    const text = words.next('pages');
    const groups = text === 'none' ? [] : text.split(',').map((each) => this.#group(each));
    const count = countPages(groups);
    const isRefused = words.call === 'vmap' && count === MORE_THAN_MEMORY;
    if (count > most && !isRefused) throw new ScenarioError(`${count} pages are more than ${most}`);
    return groups;
  }

  #group(text: string): PageGroup {
    const bad = BAD.exec(text)?.groups;
    if (bad !== undefined) {
      return { bad: bad['bad'] as 'null' | 'invalid', count: positive(bad['count'] ?? '1', text) };
    }
    const parts = RUN.exec(text)?.groups;
    if (parts === undefined)
      throw new ScenarioError(`\`${text}\` is not a run of pages like \`64K\`, \`64K@+1\` or \`null\``);
    const run = this.#size(parts['size']!, MORE_THAN_MEMORY);
    const first = Number(parts['first'] ?? 0);
    const group: RunGroup = {
      run,
      misaligned: Number(parts['misaligned'] ?? 0),
      follows: parts['follows'] !== undefined,
      compound: parts['split'] === undefined && mayBeCompound(run, Number(parts['misaligned'] ?? 0)),
      first,
      count: parts['count'] === undefined ? run : positive(parts['count'], text),
      repeat: positive(parts['repeat'] ?? '1', text),
      ...(parts['again'] !== undefined && { again: true }),
    };
    if (group.follows && group.misaligned > 0) {
      throw new ScenarioError(`\`${text}\` cannot both follow and be misaligned`);
    }
    if (run > MOST_PAGES && group.count < run)
      throw new ScenarioError(`\`${text}\` is a part of more than there is`);
    if (first + group.count > run) throw new ScenarioError(`\`${text}\` asks for pages behind its end`);
    if (group.misaligned >= run && group.misaligned > 0)
      throw new ScenarioError(`\`${text}\` is misaligned by more than its size`);
    return group;
  }

  #size(text: string, most = MOST_PAGES): PageCount {
    const [, digits, unit = ''] = /^(\d+)([KMGT]?)$/.exec(text) ?? [];
    if (digits === undefined) throw new ScenarioError(`\`${text}\` is not a size like 4K, 2M or 1G`);
    const bytes =
      Number(digits) * 2 ** { '': 0, K: 10, M: 20, G: 30, T: 40 }[unit as '' | 'K' | 'M' | 'G' | 'T'];
    const pages = bytes / 2 ** this.#pageShift;
    if (!Number.isInteger(pages)) throw new ScenarioError(`${text} is no multiple of the page size`);
    if (pages < 1 || pages > most) throw new ScenarioError(`${text} is not between 1 and ${most} pages`);
    return pages;
  }

  /** A size like `8K`, or `8K-100` for a hundred bytes less; less than a page must be left. */
  #allocatedSize(words: Words): AllocatedSize {
    const text = words.next('size');
    const [, whole, less] = /^([^-]+)(?:-(\d+))?$/.exec(text) ?? [];
    if (whole === undefined) throw new ScenarioError(`\`${text}\` is not a size like 4K or 8K-100`);
    const size = this.#size(whole, MOST_OF_AN_AREA);
    if (less === undefined) return { size };
    if (Number(less) < 1 || Number(less) >= 2 ** this.#pageShift) {
      throw new ScenarioError(`\`${text}\` takes away less than one byte or more than a page`);
    }
    return { size, less: Number(less) };
  }

  /** Of addresses: none at all may be asked for. */
  #takenSize(words: Words): PageCount {
    const text = words.next('size');
    return text === '0' ? 0 : this.#size(text, MOST_OF_AN_AREA);
  }

  /** The same, or nothing at all. */
  #newSize(words: Words): AllocatedSize {
    if (words.peek() !== '0') return this.#allocatedSize(words);
    words.next('size');
    return { size: 0 };
  }

  #offset(words: Words): number {
    const text = words.option('offset') ?? '0';
    if (!/^\d{1,6}$/.test(text) || Number(text) >= 2 ** this.#pageShift)
      throw new ScenarioError(`\`offset=${text}\` is not a number of bytes inside a page`);
    return Number(text);
  }

  #align(words: Words): PageCount {
    const text = words.option('align');
    const align = text === undefined ? 1 : this.#size(text, MOST_OF_AN_AREA);
    if (!isPowerOfTwo(align)) throw new ScenarioError(`\`align=${text}\` is no power of two`);
    return align;
  }

  #shift(words: Words): Shift {
    const text = words.option('shift') ?? String(this.#pageShift);
    const shift = Number(text);
    if (!/^\d+$/.test(text) || shift < this.#pageShift || shift > 40) {
      throw new ScenarioError(`\`shift=${text}\` is not between ${this.#pageShift} and 40`);
    }
    return shift;
  }
}

function positive(text: string, within: string): number {
  const value = Number(text);
  if (value < 1) throw new ScenarioError(`\`${within}\` has a count of 0`);
  return value;
}
