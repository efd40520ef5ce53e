// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Shift } from '../base/units.ts';
import type { LinearLeaves } from './linear-operations.ts';
import {
  mayBeCompound,
  type AddressLimits,
  type AllocatedSize,
  type Circumstances,
  type Operation,
  type PageGroup,
  type Place,
  type Protection,
  type RunGroup,
  type Scenario,
} from './scenario.ts';

// The text form of a scenario, on one line. parse-scenario.ts reads it back.
//
//     vmap 4K*3,64K@+1,null prot=ro flags=VM_MAP; set_memory_rw #0+2*4; vunmap #0
//
//     place    w (the test window), #0 (the area that operation 0 made), both with +PAGES; #0-1 is before the area
//     range    PLACE*PAGES
//     pages    none, or groups with commas between: null, invalid, a run; each with *REPEAT
//     run      SIZE, +SIZE (behind what stands before it, physically), then what applies of
//              @+PAGES (misaligned in physical space), [FIRST+COUNT] (that part of it only), :split (not compound),
//              :again (frames of a run of that size that an earlier call has used, in their order)
//     size     4K, 2M, and for allocations 8K-100 (a hundred bytes less)
//
// from=PAGES and to=PAGES say in which range of addresses an area shall lie, from the test window's start on.
//
// Every call takes cpu=N (the CPU that makes it), context=irq (in an interrupt handler), task=killed (a fatal signal waits
// for who makes it), fail=N (its Nth allocation is refused) or fail=N+ (and all after it, until it
// waits for a while). Who asks with GFP_ATOMIC or
// GFP_NOWAIT has preemption disabled.

/** Flags that are not written. */
export const usualFlags: Readonly<Record<FlaggedCall, readonly string[]>> = {
  vmap: ['VM_MAP'],
  get_vm_area: ['VM_IOREMAP'],
  __get_vm_area_caller: ['VM_IOREMAP'],
  __vmalloc_node_range: [],
};
export type FlaggedCall = 'vmap' | 'get_vm_area' | '__get_vm_area_caller' | '__vmalloc_node_range';
/** The mask that is not written. */
export const USUAL_GFP = 'GFP_KERNEL';
/** The protection that is not written. */
export const USUAL_PROTECTION: Protection = 'rw';

/** @param pageShift the machine's: sizes are written in bytes */
export function printScenario(scenario: Scenario, pageShift: Shift): string {
  return scenario.operations.map((operation) => printOperation(operation, pageShift)).join('; ');
}

export function printOperation(operation: Operation, pageShift: Shift): string {
  const size = (pages: PageCount): string => printSize(pages, pageShift);
  const bytes = (asked: AllocatedSize): string =>
    `${size(asked.size)}${asked.less === undefined ? '' : `-${asked.less}`}`;
  const groups = (list: readonly PageGroup[]): string => printGroups(list, pageShift);
  const words = ((): readonly string[] => {
    switch (operation.call) {
      case 'vmap':
        return [groups(operation.pages), ...protection(operation), ...flags(operation)];
      case 'get_vm_area':
        return [size(operation.size), ...flags(operation)];
      case '__get_vm_area_caller':
        return [size(operation.size), ...limits(operation), ...flags(operation)];
      case 'vmalloc':
      case 'vzalloc':
      case 'vmalloc_user':
      case 'vmalloc_huge':
      case 'vmalloc_32':
      case 'vmalloc_32_user':
      case 'vmalloc_node':
      case 'vzalloc_node':
      case '__vmalloc':
      case '__vmalloc_node':
        return [bytes(operation), ...mask(operation)];
      case '__vmalloc_node_range':
        return [
          bytes(operation),
          ...(operation.align === 1 ? [] : [`align=${size(operation.align)}`]),
          ...limits(operation),
          ...(operation.node === undefined ? [] : [`node=${operation.node}`]),
          ...protection(operation),
          ...flags(operation),
          ...mask(operation),
        ];
      case 'vrealloc':
        return [`#${operation.area}`, bytes(operation), ...mask(operation)];
      case 'vread_iter':
        return [printPlace(operation.at), bytes(operation)];
      case 'pcpu_get_vm_areas':
        return [
          size(operation.size),
          `apart=${operation.apart}`,
          `count=${operation.count}`,
          ...(operation.down === true ? ['order=down'] : []),
        ];
      case 'pcpu_free_vm_areas':
        return [`#${operation.area}`];
      case 'vmap_pfn':
        return [
          size(operation.size),
          ...protection(operation),
          ...(operation.memory === undefined ? [] : [`memory=${operation.memory}`]),
        ];
      case 'vm_map_ram':
        return [groups(operation.pages)];
      case 'vm_unmap_aliases':
      case 'flush_scheduled_work':
      case 'set_nohugeiomap':
      case 'vmalloc_info_show':
      case 'vmap_node_shrink_count':
      case 'vmap_node_shrink_scan':
        return [];
      case 'vunmap':
      case 'vfree':
      case 'vfree_atomic':
      case 'free_vm_area':
      case 'vm_unmap_ram':
        return [typeof operation.area === 'number' ? `#${operation.area}` : operation.area];
      case 'vmalloc_to_page':
      case 'vmalloc_to_pfn':
      case 'set_direct_map_invalid_noflush':
      case 'set_direct_map_default_noflush':
      case 'kernel_page_present':
      case 'vmalloc_dump_obj':
        return [printPlace(operation.at)];
      case 'update_mapping_prot':
        return [printPlace(operation.at), ...protection(operation)];
      case 'vmap_pages_range':
        return [
          printPlace(operation.at),
          groups(operation.pages),
          ...protection(operation),
          `shift=${operation.shift}`,
        ];
      case 'vmap_page_range':
      case 'ioremap_page_range':
        return [printPlace(operation.at), groups([operation.frames]), ...protection(operation)];
      case 'set_huge_pte_at':
        return [
          printPlace(operation.at),
          size(operation.size),
          ...protection(operation),
          ...(operation.noted === undefined ? [] : [`noted=${operation.noted}`]),
          ...(operation.marker === true ? ['entry=marker'] : operation.fresh === true ? ['entry=fresh'] : []),
          ...(operation.process === true ? ['mm=process'] : []),
        ];
      case 'huge_ptep_set_access_flags':
        return [
          printPlace(operation.at),
          size(operation.size),
          ...protection(operation),
          ...(operation.read === true ? ['access=read'] : []),
        ];
      case 'huge_ptep_modify_prot_commit':
        return [printPlace(operation.at), size(operation.size), ...protection(operation)];
      case 'huge_ptep_get':
      case 'huge_ptep_set_wrprotect':
      case 'huge_ptep_get_and_clear':
      case 'huge_ptep_clear_flush':
      case 'huge_ptep_modify_prot_start':
      case 'huge_pte_clear':
      case 'huge_pte_alloc':
        return [printPlace(operation.at), size(operation.size)];
      case 'arch_parse_debug_rodata':
      case 'arch_hugetlb_valid_size':
      case 'hugetlb_mask_last_page':
        return [size(operation.size)];
      case 'arch_make_huge_pte':
        return [size(operation.size), ...protection(operation)];
      case 'map_mem':
        return [groups(operation.pages), ...leaves(operation)];
      case 'create_pgd_mapping':
        return [
          printPlace(operation.at),
          groups([operation.frames]),
          ...(operation.offset === 0 ? [] : [`offset=${operation.offset}`]),
          ...leaves(operation),
        ];
      case 'arch_add_memory':
        return [groups([operation.frames])];
      case 'arch_remove_memory':
        return [`#${operation.area}`];
      case 'is_vmalloc_addr':
        return [operation.address];
      case '__map_memblock':
        return [groups([operation.frames]), ...leaves(operation)];
      case '__set_fixmap':
        return [operation.slot, groups(operation.pages), ...protection(operation)];
      case 'ioremap_prot':
        return [
          bytes(operation),
          ...(operation.offset === 0 ? [] : [`offset=${operation.offset}`]),
          ...(operation.memory === 'device' ? [] : [`memory=${operation.memory}`]),
        ];
      case 'iounmap':
        return [`#${operation.area}`];
      case 'vm_area_map_pages':
        return [printPlace(operation.at), groups(operation.pages)];
      case 'set_memory_valid':
        return [`${printPlace(operation.at)}*${operation.size}`, `enable=${operation.enable ? 1 : 0}`];
      case 'remap_vmalloc_range':
        return [
          `${printPlace(operation.at)}*${operation.size}`,
          ...(operation.from === undefined ? [] : [`from=${operation.from}`]),
        ];
      default:
        return [`${printPlace(operation.at)}*${operation.size}`];
    }
  })();
  return [operation.call, ...words, ...circumstances(operation)].join(' ');
}

function circumstances({ cpu, context, task, gives, fail }: Circumstances): readonly string[] {
  return [
    ...(cpu === undefined ? [] : [`cpu=${cpu}`]),
    ...(context === undefined ? [] : [`context=${context}`]),
    ...(task === undefined ? [] : [`task=${task}`]),
    ...(gives === undefined ? [] : [`gives=#${gives}`]),
    ...(fail === undefined ? [] : [`fail=${fail.nth}${fail.onward ? '+' : ''}`]),
  ];
}

function protection({ prot }: { readonly prot: Protection }): readonly string[] {
  return prot === USUAL_PROTECTION ? [] : [`prot=${prot}`];
}

function limits({ from, to }: AddressLimits): readonly string[] {
  return [...(from === undefined ? [] : [`from=${from}`]), ...(to === undefined ? [] : [`to=${to}`])];
}

function mask({ gfp = USUAL_GFP }: { readonly gfp?: string }): readonly string[] {
  return gfp === USUAL_GFP ? [] : [`gfp=${gfp}`];
}

function leaves(operation: { readonly leaves: LinearLeaves }): readonly string[] {
  return operation.leaves === 'any' ? [] : [`leaves=${operation.leaves}`];
}

function flags(operation: {
  readonly call: FlaggedCall;
  readonly flags: readonly string[];
}): readonly string[] {
  const text = operation.flags.join('|');
  return text === usualFlags[operation.call].join('|') ? [] : [`flags=${text === '' ? 'none' : text}`];
}

function printPlace({ of, page }: Place): string {
  const start = of === 'window' ? 'w' : `#${of}`;
  return page === 0 ? start : `${start}${page > 0 ? '+' : ''}${page}`;
}

/** Groups as the text form has them: what `pages` is in a finding. */
function printGroups(groups: readonly PageGroup[], pageShift: Shift): string {
  return groups.length === 0 ? 'none' : groups.map((group) => printGroup(group, pageShift)).join(',');
}

function printGroup(group: PageGroup, pageShift: Shift): string {
  if ('bad' in group) return times(group.bad, group.count);
  return times(printRun(group, pageShift), group.repeat);
}

function printRun(group: RunGroup, pageShift: Shift): string {
  const { run, misaligned, follows, compound, first, count, again = false } = group;
  return [
    follows ? '+' : '',
    printSize(run, pageShift),
    misaligned === 0 ? '' : `@+${misaligned}`,
    first === 0 && count === run ? '' : `[${first}+${count}]`,
    !compound && mayBeCompound(run, misaligned) ? ':split' : '',
    again ? ':again' : '',
  ].join('');
}

function times(text: string, count: number): string {
  return count === 1 ? text : `${text}*${count}`;
}

const units = [
  { suffix: 'T', shift: 40 },
  { suffix: 'G', shift: 30 },
  { suffix: 'M', shift: 20 },
  { suffix: 'K', shift: 10 },
];

function printSize(pages: PageCount, pageShift: Shift): string {
  const bytes = pages * 2 ** pageShift;
  const unit = units.find(({ shift }) => bytes >= 2 ** shift && bytes % 2 ** shift === 0);
  return unit === undefined ? `${bytes}` : `${bytes / 2 ** unit.shift}${unit.suffix}`;
}
