// SPDX-License-Identifier: GPL-2.0-only
import type { FunctionDefinition } from '../translate/syntax.ts';
import { findDefinition, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';
import { GENERIC_FILES, USUAL_FILE } from './source.ts';

/** What scenarios call, by the file that defines it. Architectures that have no such file leave it to the model. */
const called = {
  'mm/vmalloc.c': [
    ...['vmap', 'vunmap', 'get_vm_area', 'vmap_pages_range', 'vmap_page_range', 'ioremap_page_range'],
    ...['vunmap_range', 'vm_unmap_aliases', 'set_nohugeiomap'],
    ...['vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge', '__vmalloc_node_range', 'vrealloc'],
    ...[
      '__vmalloc',
      '__vmalloc_node',
      'vmalloc_32',
      'vmalloc_32_user',
      'vmalloc_node',
      'vzalloc_node',
      '__get_vm_area_caller',
    ],
    ...['vfree', 'vfree_atomic', 'free_vm_area', 'vm_map_ram', 'vm_unmap_ram'],
    ...[
      'remap_vmalloc_range',
      'vmalloc_to_page',
      'vmalloc_to_pfn',
      'is_vmalloc_addr',
      'vm_area_map_pages',
      'vm_area_unmap_pages',
    ],
    ...['vread_iter', 'vmalloc_dump_obj', 'vmalloc_info_show', 'vmap_node_shrink_scan'],
    'vmap_node_shrink_count',
    ...['pcpu_get_vm_areas', 'pcpu_free_vm_areas', 'vmap_pfn'],
  ],
  'mm/ioremap.c': ['ioremap_prot', 'iounmap'],
  '/mm/pageattr.c': [
    ...['set_memory_ro', 'set_memory_rw', 'set_memory_nx', 'set_memory_x', 'set_memory_valid'],
    'set_memory_rox',
    ...['set_direct_map_invalid_noflush', 'set_direct_map_default_noflush', 'kernel_page_present'],
  ],
  '/mm/hugetlbpage.c': [
    ...[
      'set_huge_pte_at',
      'huge_ptep_get',
      'huge_ptep_get_and_clear',
      'huge_pte_clear',
      'huge_ptep_clear_flush',
    ],
    ...['huge_ptep_set_wrprotect', 'huge_ptep_set_access_flags', 'arch_make_huge_pte', 'huge_pte_alloc'],
    ...['huge_ptep_modify_prot_start', 'huge_ptep_modify_prot_commit'],
    ...['arch_hugetlb_valid_size', 'hugetlb_mask_last_page'],
  ],
  '/mm/mmu.c': [
    ...['map_mem', '__map_memblock', 'update_mapping_prot'],
    ...['create_pgd_mapping', 'arch_add_memory', 'arch_remove_memory'],
  ],
  '/mm/fixmap.c': ['__set_fixmap'],
};

/** Where else an architecture may have what one of these files is for. */
const otherHomes: Readonly<Record<string, readonly string[]>> = {
  '/mm/pageattr.c': ['/mm/pat/set_memory.c'],
};

/** Paths, or ends of paths, of the files that may define what scenarios call. */
const homesOf = (file: string): readonly string[] => [file, ...(otherHomes[file] ?? [])];

/** What scenarios have the model do: no file that is run defines it. */
const modelled = ['flush_scheduled_work', 'arch_parse_debug_rodata'];

/** What scenarios ask the tree, to know what may be called for, what came of it, and where. */
const asked = [
  ...['find_vm_area', 'arch_hugetlb_valid_size', 'arch_vmap_pte_range_map_size'],
  ...['huge_pte_alloc', 'huge_pte_offset'],
];

/**
 * The function that a scenario means in this tree: of the same name, or of the one that it used to have. Undefined
 * where the tree has the file and not the function: then the model's must not be taken for the tree's.
 */
export function entryPointIn(program: Program, call: string): string | undefined {
  const [file] = Object.entries(called).find(([, names]) => names.includes(call)) ?? [];
  const homes = file === undefined ? [] : homesOf(file);
  if (!program.units.some(({ path }) => homes.some((home) => isHome(path, home)))) return call;
  const own = ownNames(call)
    .map((name) => inTree(program, name)?.name)
    .find((name) => name !== undefined);
  if (own !== undefined) return own;
  // An allocating function may go by another name than the one it is called by.
  const definition = inTree(program, call);
  if (definition !== undefined && meansTheSame(call, definition)) return definition.name;
  if (call === 'vmap_page_range') return takesAnyRange(program) ? 'ioremap_page_range' : undefined;
  return otherNames(call)
    .map((name) => inTree(program, name)?.name)
    .find((name) => name !== undefined);
}

/** A file of mm that is run holds what mm/vmalloc.c is for, or a part of it (../review-split.ts). */
function isHome(path: string, home: string): boolean {
  return (
    path.endsWith(home) || (home === USUAL_FILE && path.startsWith('mm/') && !GENERIC_FILES.includes(path))
  );
}

/** Names under which an architecture has its own before everybody's: what it refuses is refused there. */
function ownNames(call: string): readonly string[] {
  return call === 'ioremap_prot' ? ['__ioremap_prot'] : [];
}

/** Functions that are called in the place of one that a tree does not have: since 6.18 vrealloc() is a macro. */
function otherNames(call: string): readonly string[] {
  if (call === 'ioremap_prot') return ['generic_ioremap_prot'];
  return call === 'vrealloc' ? ['vrealloc_node_align'] : [];
}

/** What each call of a scenario means in this tree, as one text. */
export function entryPointsText(program: Program): string {
  const calls = Object.values(called).flat();
  const meanings = calls.map((call) => `${call}=${entryPointIn(program, call) ?? ''}`);
  return [
    ...meanings,
    `pages=${takesPagesOver(program)}`,
    `flags=${takesAnyFlags(program)}`,
    `rodata=${followsAliases(program)}`,
    `wx=${warnsOfWritableCode(program)}`,
    `atomic=${servesAtomic(program)}`,
    `flagged=${warnsOfFlags(program)}`,
  ].join(' ');
}

/** Until 5.12 vmap_page_range() was another function, which maps an array of pages. */
function meansTheSame(call: string, { type }: FunctionDefinition): boolean {
  return call !== 'vmap_page_range' || type.parameters.some(({ name }) => name?.startsWith('phys') === true);
}

/** Does vmap() of this tree take the pages over that its caller gives away (VM_MAP_PUT_PAGES, since 5.10)? */
export function takesPagesOver(program: Program): boolean {
  const definition = inTree(program, 'vmap');
  return definition === undefined || definition.at.file.text.includes('VM_MAP_PUT_PAGES');
}

/** Did vmap() of this tree refuse no flags yet? It has since 6.2, which took __vunmap() apart as well. */
export function takesAnyFlags(program: Program): boolean {
  return inTree(program, '__vunmap') !== undefined;
}

/** Does the linear map of this tree follow, under `rodata=full`, what set_memory_ro() and its like do to an area? */
export function followsAliases(program: Program): boolean {
  return inTree(program, 'set_memory_ro')?.at.file.text.includes('rodata_full') === true;
}

/** Does this tree split the linear map where a page of it changes? Then boot makes it of blocks where they can be split. */
export function splitsLinearMap(program: Program): boolean {
  return inTree(program, 'split_kernel_leaf_mapping') !== undefined;
}

/**
 * Does set_memory_rw() or set_memory_x() of x86 warn where memory becomes both writable and executable? The model's, which
 * stands in where a tree has none, does.
 */
export function warnsOfWritableCode(program: Program): boolean {
  return inTree(program, 'set_memory_x') === undefined || inTree(program, 'verify_rwx') !== undefined;
}

/** Does __vmalloc() of this tree warn of flags that it has no use for, as of __GFP_HIGHMEM, which it adds by itself? It has since 7.0. */
export function warnsOfFlags(program: Program): boolean {
  return inTree(program, 'vmalloc_fix_flags') !== undefined;
}

/** Does vmalloc() of this tree serve those who may not sleep? */
export function servesAtomic(program: Program): boolean {
  return inTree(program, SERVES_ATOMIC) !== undefined;
}

/** With this, since 6.19, vmalloc() makes page tables without sleep for masks that forbid it (GFP_NOWAIT, GFP_ATOMIC). */
export const SERVES_ATOMIC = 'memalloc_apply_gfp_scope';

/** Keeps this tree a count of the pages that vmalloc() has given out? */
export function countsPages(program: Program): boolean {
  return inTree(program, PAGE_COUNT) !== undefined;
}

/** What tells it. */
export const PAGE_COUNT = 'vmalloc_nr_pages';

/** Until 6.9 ioremap_page_range() was what vmap_page_range() is now; since then it asks for the area first. */
export function takesAnyRange(program: Program): boolean {
  const definition = inTree(program, 'ioremap_page_range');
  return definition?.tokens().some(({ text }) => text === 'find_vm_area') === false;
}

function inTree(program: Program, name: string): FunctionDefinition | undefined {
  const found = findDefinition(program, name, undefined);
  return found === undefined || found.unit === program.base ? undefined : found.definition;
}

/** What scenarios may call that a tree defines: in one of these files, under one of these names. */
export const entryPointNames: readonly {
  readonly call: string;
  readonly homes: readonly string[];
  readonly spellings: readonly string[];
}[] = Object.entries(called).flatMap(([file, calls]) =>
  calls.map((call) => {
    const former = call === 'vmap_page_range' ? ['ioremap_page_range'] : [];
    const names = [call, ...ownNames(call), ...otherNames(call)].flatMap((name) => [name, `${name}_noprof`]);
    return { call, homes: homesOf(file), spellings: [...names, ...former] };
  }),
);

/** What start_kernel() of some kernels calls of the files that are run, beside vmalloc_init(). */
const atBoot = ['ioremap_huge_init'];

/** Those that this tree has: until 5.12 it is found out at boot which leaves ioremap() may use. */
export function bootCallsOf(program: Program): readonly string[] {
  return atBoot.filter((name) => inTree(program, name) !== undefined);
}

/** How the model's early_initcall() tells what it was given (model/include/linux/compiler.ts). */
const EARLY_INITCALL = '__early_initcall_';

/** What the tree's files have boot call before there are other CPUs. */
export function earlyInitcallsOf(program: Program): readonly string[] {
  return program.units
    .flatMap((unit) => [...unit.scope.names()])
    .flatMap(([name]) => (name.startsWith(EARLY_INITCALL) ? name.slice(EARLY_INITCALL.length) : []))
    .filter((name) => inTree(program, name) !== undefined);
}

/** The entry points that a tree or the model has; the others are not reached. @param calls undefined for all */
export function entryPointsOf(
  program: Program,
  modelFunctions: ReadonlyMap<string, KernelFunction>,
  calls: ReadonlySet<string> | undefined,
): readonly string[] {
  const early = program.units.some(({ path }) => path.endsWith('/mm/mmu.c'))
    ? ['early_fixmap_init', 'can_set_direct_map', 'force_pte_mapping']
    : [];
  const wanted = [...Object.values(called).flat(), ...modelled].filter((call) => calls?.has(call) !== false);
  const counts = countsPages(program) ? [PAGE_COUNT] : [];
  const names = [...wanted, ...asked, ...counts, ...early, ...bootCallsOf(program)].flatMap(
    (call) => entryPointIn(program, call) ?? [],
  );
  return [...new Set([...names, ...earlyInitcallsOf(program)])].filter(
    (name) => modelFunctions.has(name) || findDefinition(program, name, undefined) !== undefined,
  );
}
