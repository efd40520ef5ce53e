// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from './base/diagnostic.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import { sourcesBeside } from './review-brought.ts';
import type { ReviewInput } from './review-input.ts';
import { includedHeaders } from './run/program.ts';
import { sourceFiles } from './run/source.ts';
import { findCFunctions, type CSymbol } from './series/c-functions.ts';
import type { Machine } from './trace/machine.ts';

/**
 * Functions that a patch adds, or makes visible, and that nothing declares: gcc warns of them since 6.8
 * (-Wmissing-prototypes), and stops where warnings are errors. Only what is sure is told: a header that the file includes
 * and that has the word at all may declare it.
 */
export function missingPrototypes(
  { base, versions }: Pick<ReviewInput, 'base' | 'versions'>,
  machines: readonly Machine[],
): Diagnostic[] {
  return versions.flatMap(({ version, prefixes }) =>
    prefixes.flatMap(({ patch, tree }, index): Diagnostic[] => {
      const before = index === 0 ? base : prefixes[index - 1]!.tree;
      const changed = version.patches.find((each) => each.index === patch)?.files ?? [];
      const paths = new Set(changed.flatMap(({ newPath }) => newPath ?? []));
      return [...paths].flatMap((path) => {
        const machine = machines.find((each) =>
          [...sourceFiles(each), ...sourcesBeside(tree, each)].includes(path),
        );
        if (machine === undefined) return [];
        return newlyVisible(path, before, tree)
          .filter((one) => !isDeclared(one, path, tree, machine))
          .map(({ name, startLine }) => ({
            code: 'review/no-prototype',
            severity: 'warning',
            message: `${version.label} patch ${patch}: \`${name}()\` is not static, and nothing that \`${path}\` includes declares it: gcc warns (-Wmissing-prototypes)`,
            where: { file: path, line: startLine },
          }));
      });
    }),
  );
}

function newlyVisible(path: string, before: SourceTree, after: SourceTree): readonly CSymbol[] {
  const known = new Set(visibleFunctions(before.read(path) ?? '').map(({ name }) => name));
  return visibleFunctions(after.read(path) ?? '').filter(({ name }) => !known.has(name));
}

/** What is not for C, or is of one file alone, needs no prototype; an unusual macro before the name may mean either. */
const NEEDS_NONE =
  /\b(?:static|inline|asmlinkage|__visible|__always_inline|noinstr)\b|\b[A-Z][A-Z0-9_]+\s*\(/;

function visibleFunctions(text: string): readonly CSymbol[] {
  return findCFunctions(text).filter(({ signature }) => !NEEDS_NONE.test(signature));
}

function isDeclared({ name, startLine }: CSymbol, path: string, tree: SourceTree, machine: Machine): boolean {
  const text = tree.read(path) ?? '';
  const above = text.split('\n', startLine - 1).join('\n');
  if (new RegExp(`^(?![ \\t]).*\\b${name}\\s*\\(`, 'm').test(above)) return true;
  const headers = includedHeaders(tree, machine, path);
  return headers === undefined || headers.mentions(name);
}
