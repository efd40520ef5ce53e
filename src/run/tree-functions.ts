// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import type { WholeSource } from './source.ts';

/** A C file that defines a function for other files to call. */
export interface Home {
  readonly path: string;
  /** Another definition takes its place where there is one. */
  readonly isWeak: boolean;
}

/** Bytes of one file; the longest C files of these folders have about 300,000. */
const FILE_LIMIT = 1 << 20;
const FILES_LIMIT = 2000;
/** Bytes of all files together. */
const TEXT_LIMIT = 64 << 20;

/** Which C files of a tree define what: of the folders that memory management and its helpers are in, and no others. */
export class TreeFunctions {
  readonly #source: WholeSource;
  readonly #machine: Machine;
  readonly #skipped: ReadonlySet<string>;
  #texts: ReadonlyMap<string, string> | undefined;

  /** @param skipped files that are run, which are known already */
  constructor(source: WholeSource, machine: Machine, skipped: readonly string[]) {
    this.#source = source;
    this.#machine = machine;
    this.#skipped = new Set(skipped);
  }

  /**
   * Where the function may be: those that the folder's Makefile leaves out, and weak ones that have another, are not
   * listed. What `#if` leaves out is.
   */
  homesOf(name: string): readonly Home[] {
    this.#texts ??= this.#read(foldersOf(this.#machine));
    const homes = definitionsIn(this.#texts, name);
    const built = homes.length < 2 ? homes : homes.filter(({ path }) => this.#isBuilt(path));
    const strong = built.filter(({ isWeak }) => !isWeak);
    if (strong.length > 0) return strong;
    // What takes a weak one's place may be anywhere in the architecture.
    const inArch = built.length === 0 ? [] : this.#archFolders();
    const instead = definitionsIn(this.#read(inArch), name).filter(({ isWeak }) => !isWeak);
    return instead.length > 0 ? instead : built;
  }

  #archFolders(): readonly string[] {
    const paths = this.#source.list(`arch/${this.#machine.arch}`);
    const folders = new Set(paths.filter((path) => path.endsWith('.c')).map(folderOf));
    const known = new Set(foldersOf(this.#machine));
    return [...folders].filter((folder) => !known.has(folder));
  }

  #read(folders: readonly string[]): ReadonlyMap<string, string> {
    const paths = folders
      .flatMap((folder) => this.#source.list(folder).filter((path) => folderOf(path) === folder))
      .filter((path) => path.endsWith('.c') && !this.#skipped.has(path));
    const texts = new Map<string, string>();
    let length = 0;
    for (const [path, text] of this.#source.readAll(paths.slice(0, FILES_LIMIT))) {
      length += text.length;
      if (length > TEXT_LIMIT) break;
      if (text.length <= FILE_LIMIT) texts.set(path, text);
    }
    return texts;
  }

  #isBuilt(path: string): boolean {
    const makefile = this.#source.read(`${folderOf(path)}/Makefile`);
    // One that no list names may be built in a way that is not read here.
    return (
      makefile === undefined || buildOf(path, makefile, this.#machine, [...this.#skipped]) !== 'left-out'
    );
  }
}

/**
 * What its folder's Makefile says of a C file: whether a list that is built has it, or whether no list names it.
 * @param run files that are run: what stands beside one in a list is built as it is
 */
export function buildOf(
  path: string,
  makefile: string,
  machine: Machine,
  run: readonly string[],
): 'built' | 'left-out' | 'unnamed' {
  const object = objectOf(path);
  const lists = listsOf(makefile, machine, new Set(run.map(objectOf)));
  if ([...lists].some(([list, objects]) => /-(?:y|objs)$/.test(list) && objects.has(object))) return 'built';
  return makefile.split(/\s+/).includes(object) ? 'left-out' : 'unnamed';
}

function foldersOf({ arch }: Machine): readonly string[] {
  const own = ['mm', 'lib', 'kernel', ...(arch === 'x86' ? ['mm/pat'] : [])];
  return ['mm', 'lib', 'kernel', 'kernel/time', ...own.map((folder) => `arch/${arch}/${folder}`)];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function objectOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, '.o');
}

/**
 * The lists of objects of a Makefile, by name; `:=` begins one anew. What depends on an option is in `…-y` where the machine
 * has set it, or where a file that is run stands beside it, else in `…-`.
 */
function listsOf(
  makefile: string,
  { config }: Machine,
  run: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const lists = new Map<string, Set<string>>();
  for (const line of makefile.replaceAll('\\\n', ' ').split('\n')) {
    const [, name, operator, objects] = /^\s*([\w-]+-(?:y|objs|\$\(\w+\)))\s*([+:]?=)(.*)$/.exec(line) ?? [];
    if (name === undefined || objects === undefined) continue;
    const named = objects.trim().split(/\s+/);
    const isRun = named.some((object) => run.has(object));
    const list = name.replace(/\$\((\w+)\)$/, (_, option: string) =>
      isRun || config[option] === true ? 'y' : '',
    );
    const known = operator === '+=' || !list.endsWith('y') ? lists.get(list) : undefined;
    lists.set(list, new Set([...(known ?? []), ...named]));
  }
  return lists;
}

function definitionsIn(texts: ReadonlyMap<string, string>, name: string): readonly Home[] {
  const definition = new RegExp(String.raw`^(?:(\w[^\n]*)\W)?${name}\s*\([^;{}]{0,4000}\{`, 'gm');
  return [...texts].flatMap(([path, text]): Home[] => {
    if (!text.includes(name)) return [];
    const heads = [...text.matchAll(definition)].map((match) => match[1] ?? '');
    const visible = heads.filter((head) => !/\bstatic\b/.test(head));
    return visible.length === 0 ? [] : [{ path, isWeak: visible.every((head) => /\b__weak\b/.test(head)) }];
  });
}
