// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';

/** A kernel tree as the linker reads it (ingest's SourceTree is one). */
export interface Source {
  read(path: string): string | undefined;
  /** Further headers to look for names in, where the includes that lead to them cannot be read. */
  readonly headers?: readonly string[];
}

/** A header that every whole kernel tree has; a tree without it has no headers to look into. */
export const SIGN_OF_HEADERS = 'include/linux/mm.h';

/** The C files whose functions can take the place of the model's, by architecture. */
const GENERIC_FILES = ['mm/vmalloc.c', 'mm/ioremap.c'] as const;
const ARCH_FILES: Readonly<Record<Machine['arch'], readonly string[]>> = {
  arm64: ['hugetlbpage.c', 'pageattr.c', 'mmu.c', 'fixmap.c', 'ioremap.c'].map(
    (name) => `arch/arm64/mm/${name}`,
  ),
  x86: ['arch/x86/mm/pat/set_memory.c'],
  riscv: ['arch/riscv/mm/hugetlbpage.c'],
};

/** What a build writes its options down in; of a source, those that a series brings and that are set. */
export const OPTIONS_HEADER = 'include/generated/autoconf.h';

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
