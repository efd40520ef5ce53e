// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';

/** A kernel tree as the linker reads it (ingest's SourceTree is one). */
export interface Source {
  read(path: string): string | undefined;
  /** Further headers to look for names in, where the includes that lead to them cannot be read. */
  readonly headers?: readonly string[];
  /** Headers that the series changes, of those that are run where they are (`isRunWhereChanged()`). */
  readonly changedHeaders?: readonly ChangedHeader[];
  /** Functions that are taken from files which are not run as a whole. */
  readonly elsewhere?: readonly FunctionsElsewhere[];
}

/** A source that can tell what else there is in it. */
export interface WholeSource extends Source {
  /** The paths of all files under the folder. */
  list(folder: string): readonly string[];
  /** The texts of many files by path, in less time than one after the other; absent files are left out. */
  readAll(paths: readonly string[]): ReadonlyMap<string, string>;
  /** Where it is another one with some files changed: that one, and their texts by path; undefined for a file that is gone. */
  readonly base?: WholeSource;
  readonly changed?: ReadonlyMap<string, string | undefined>;
}

/** What the C that is run calls of another C file of the tree, and what that needs of the same file. */
export interface FunctionsElsewhere {
  readonly path: string;
  readonly names: readonly string[];
}

/** A header that the model stands in for, but for what the series changes in it. */
export interface ChangedHeader {
  readonly path: string;
  /** Functions and macros that the series adds, changes or takes out of it. */
  readonly names: readonly string[];
}

/** A header that every whole kernel tree has; a tree without it has no headers to look into. */
export const SIGN_OF_HEADERS = 'include/linux/mm.h';

/** What trees are known by. */
export const USUAL_FILE = 'mm/vmalloc.c';

/** The C files whose functions can take the place of the model's, by architecture. */
export const GENERIC_FILES: readonly string[] = [USUAL_FILE, 'mm/ioremap.c'];
const ARCH_FILES: Readonly<Record<Machine['arch'], readonly string[]>> = {
  arm64: ['hugetlbpage.c', 'pageattr.c', 'mmu.c', 'fixmap.c', 'ioremap.c'].map(
    (name) => `arch/arm64/mm/${name}`,
  ),
  x86: ['arch/x86/mm/pat/set_memory.c'],
  riscv: ['arch/riscv/mm/hugetlbpage.c'],
};

/** What a build writes its options down in; of a source, those that a series brings and that are set. */
export const OPTIONS_HEADER = 'include/generated/autoconf.h';

/** Stands among the files of a source: which of them are not run as a whole, and what is taken from each, as JSON. */
const ELSEWHERE = '<elsewhere>';

/** Adds what is taken from other files to the texts of a source. */
export function withElsewhere(
  source: Readonly<Record<string, string>>,
  elsewhere: readonly FunctionsElsewhere[],
): Record<string, string> {
  return elsewhere.length === 0 ? { ...source } : { ...source, [ELSEWHERE]: JSON.stringify(elsewhere) };
}

/** What `withElsewhere()` added. */
export function elsewhereIn(source: Readonly<Record<string, string>>): readonly FunctionsElsewhere[] {
  const text = source[ELSEWHERE];
  return text === undefined ? [] : (JSON.parse(text) as FunctionsElsewhere[]);
}

export function sourceFiles(machine: Machine): readonly string[] {
  return [...GENERIC_FILES, ...ARCH_FILES[machine.arch]];
}

/** Headers that a tree itself supplies where it has them; all others are the model's. */
export function treeHeaders(machine: Machine): ReadonlyMap<string, string> {
  const fixmap: [string, string][] = [
    ['asm/fixmap.h', `arch/${machine.arch}/include/asm/fixmap.h`],
    ['asm-generic/fixmap.h', 'include/asm-generic/fixmap.h'],
  ];
  return new Map([
    ['linux/vmalloc.h', 'include/linux/vmalloc.h'],
    ['asm/vmalloc.h', `arch/${machine.arch}/include/asm/vmalloc.h`],
    ...(machine.arch === 'arm64' ? fixmap : []),
  ]);
}

/** Headers about page tables, TLBs, caches and barriers, by the beginning of their names. */
const RUN_WHERE_CHANGED = [
  ...['pgtable', 'pgalloc', 'hugetlb', 'tlbflush', 'cacheflush', 'barrier', 'set_memory'].map(
    (name) => `asm/${name}`,
  ),
  'linux/pgtable',
];

/**
 * Headers that say what page tables, TLBs, caches and barriers are: the model says it, but for what the series changes in
 * them. Each stands for all headers whose paths begin so.
 */
export function headersRunWhereChanged({ arch }: Machine): readonly string[] {
  return RUN_WHERE_CHANGED.flatMap((name) =>
    name.startsWith('asm/')
      ? [`arch/${arch}/include/${name}`, `include/asm-generic/${name.slice('asm/'.length)}`]
      : [`include/${name}`],
  );
}

/** Is what the series changes in the header run? */
export function isRunWhereChanged(path: string, machine: Machine): boolean {
  return path.endsWith('.h') && headersRunWhereChanged(machine).some((start) => path.startsWith(start));
}

/** Which options the architecture has. */
export function architectureKconfig(machine: Machine): string {
  return `arch/${machine.arch}/Kconfig`;
}

/** Every path whose C can be executed. */
export function translatedPaths(machine: Machine): readonly string[] {
  return [...sourceFiles(machine), ...treeHeaders(machine).values()];
}

/** Every path whose text can change what a machine executes. */
export function relevantPaths(machine: Machine): readonly string[] {
  return [...translatedPaths(machine), architectureKconfig(machine)];
}
