// SPDX-License-Identifier: GPL-2.0-only

import type { SourceTree } from './ingest/source-tree.ts';
import { findCSymbols } from './series/c-functions.ts';
import { tokenizeC } from './series/c-tokens.ts';
import type { Drift } from './report/drift-text.ts';

/** Where a function of the model says that it comes from: `@kernel path symbol`, and `newer` or `older` where Linux 6.12 has it not. */
export interface Citation {
  /** File of the model, from the root of the project. */
  readonly source: string;
  /** File of the kernel; `arch/$SRCARCH` stands for each architecture that the model has. */
  readonly path: string;
  readonly symbol: string;
  /** The kernel that the model was written after has it not yet, or not any more. */
  readonly isElsewhen: boolean;
  readonly fidelity: Drift['fidelity'];
}

const CITATION = /@kernel (\S+) (\w+)( newer| older)?(?:\s[^@]*@fidelity (dup|custom|stub)\b)?/g;

/** The citations of a file of the model, in order. */
export function findCitations(source: string, text: string): Citation[] {
  return [...text.matchAll(CITATION)].map(([, path, symbol, mark, fidelity]) => ({
    source,
    path: path!,
    symbol: symbol!,
    isElsewhen: mark !== undefined,
    // Functions of ours that stand for a part of the kernel's have no name of their own in C, and are never the same.
    fidelity: (fidelity ?? 'custom') as Drift['fidelity'],
  }));
}

const ARCHITECTURES = ['arm64', 'riscv', 'x86'];
/** What stands for each of them in a path, as in the kernel's Makefiles. */
const EACH = '$SRCARCH';

/** Where definitions are looked for that are not where they are cited. */
const SEARCHED = ['include', 'lib', 'mm', 'kernel', ...ARCHITECTURES.map((name) => `arch/${name}`)];

/**
 * What became of each cited symbol in a tree: there and the same to the token as in `pinned`, there and changed, defined
 * elsewhere, or gone. A symbol that a file names and does not define (a prototype, or a name that a macro makes) counts as
 * the same wherever it is named still.
 */
export function findDrift(citations: readonly Citation[], pinned: SourceTree, tree: SourceTree): Drift[] {
  const before = new SymbolIndex(pinned);
  const after = new SymbolIndex(tree);
  const drifts = citations.map((citation): Drift => {
    const { source, path, symbol, isElsewhen, fidelity } = citation;
    const now = after.lookUp(path, symbol);
    const then = before.lookUp(path, symbol);
    const what =
      now === undefined
        ? 'gone'
        : isElsewhen || then === undefined
          ? 'new'
          : now === then
            ? 'same'
            : 'changed';
    return { source, path, symbol, fidelity, what, elsewhere: [] };
  });
  const gone = new Set(drifts.flatMap(({ what, symbol }) => (what === 'gone' ? [symbol] : [])));
  const found = after.search(gone);
  return drifts.map((drift) => {
    const elsewhere = drift.what === 'gone' ? (found.get(drift.symbol) ?? []) : [];
    return elsewhere.length === 0 ? drift : { ...drift, what: 'moved', elsewhere };
  });
}

/** What a tree's files define, each file read once. */
class SymbolIndex {
  private readonly tree: SourceTree;
  private readonly files = new Map<string, ReadonlyMap<string, string> | undefined>();

  constructor(tree: SourceTree) {
    this.tree = tree;
  }

  /** What the definitions of `symbol` in the files that `path` stands for say, as hashes; undefined if none names it. */
  lookUp(path: string, symbol: string): string | undefined {
    const paths = path.includes(EACH) ? ARCHITECTURES.map((name) => path.replace(EACH, name)) : [path];
    const found = paths.flatMap((each) => this.file(each)?.get(symbol) ?? []);
    return found.length === 0 ? undefined : found.join(' ');
  }

  /** The files that define each of the symbols. */
  search(symbols: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    if (symbols.size === 0) return found;
    const paths = SEARCHED.flatMap((folder) => this.tree.list(folder)).filter((path) => /\.[ch]$/.test(path));
    for (const path of paths) {
      const text = this.tree.read(path);
      if (text === undefined || ![...symbols].some((symbol) => text.includes(symbol))) continue;
      for (const [name, hash] of definitions(text)) {
        if (symbols.has(name) && hash !== '') found.set(name, [...(found.get(name) ?? []), path]);
      }
    }
    return found;
  }

  private file(path: string): ReadonlyMap<string, string> | undefined {
    if (!this.files.has(path)) {
      const text = this.tree.read(path);
      this.files.set(
        path,
        text === undefined ? undefined : new Map([...mentions(text), ...definitions(text)]),
      );
    }
    return this.files.get(path);
  }
}

/** Since 6.10 what allocates is `NAME_noprof()`, and NAME a macro around it that counts. */
const UNCOUNTED = /_noprof$/;

/** Each name that C text defines, with the hashes of its definitions: there may be one in each branch of an `#if`. */
function definitions(text: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const { name, hash } of findCSymbols(text)) {
    const plain = name.replace(UNCOUNTED, '');
    hashes.set(plain, `${hashes.get(plain) ?? ''}${hash}`);
  }
  return hashes;
}

/** Each word of C text, comments and strings apart: prototypes and what macros make names of. */
function mentions(text: string): ReadonlyMap<string, string> {
  const code = tokenizeC(text).filter((token) => !token.text.startsWith('"'));
  const words = code.flatMap((token) => token.text.match(/[A-Za-z_]\w*/g) ?? []);
  return new Map(words.map((word) => [word.replace(UNCOUNTED, ''), '']));
}
