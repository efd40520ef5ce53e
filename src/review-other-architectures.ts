// SPDX-License-Identifier: GPL-2.0-only
import type { SourceTree } from './ingest/source-tree.ts';
import { machines as allMachines } from './model/machines/machine-list.ts';
import type { DefinedElsewhere } from './report/review-schema.ts';
import { sourcesBeside } from './review-brought.ts';
import { translatedPaths, treeHeaders } from './run/source.ts';
import { findCSymbols } from './series/c-functions.ts';
import type { ChangedFile } from './series/series.ts';
import type { Machine } from './trace/machine.ts';

/** Headers of architectures longer than that are not asked. */
const HEADER_LIMIT = 1 << 20;

/**
 * What changed lines name, and only other architectures than those of `reviewed` define for themselves in their asm/vmalloc.h:
 * what the lines do there, a review on these machines cannot tell. With the first machine of each such architecture.
 */
export function definedElsewhere(
  files: readonly ChangedFile[],
  reviewed: readonly Machine[],
  tree: SourceTree,
): readonly DefinedElsewhere[] {
  const run = new Set(
    reviewed.flatMap((machine) => [...translatedPaths(machine), ...sourcesBeside(tree, machine)]),
  );
  const named = new Set(files.filter(({ newPath = '' }) => run.has(newPath)).flatMap(namesOnChangedLines));
  if (named.size === 0) return [];
  const own = new Set(reviewed.flatMap((machine) => [...definedFor(machine, tree)]));
  const architectures = new Set(reviewed.map(({ arch }) => arch));
  const others = new Map<Machine['arch'], Machine>();
  for (const machine of allMachines) {
    if (!architectures.has(machine.arch) && !others.has(machine.arch)) others.set(machine.arch, machine);
  }
  return [...others.values()].flatMap((machine) =>
    [...definedFor(machine, tree)]
      .filter((name) => named.has(name) && !own.has(name))
      .map((name) => ({ name, machine: machine.name })),
  );
}

function namesOnChangedLines({ hunks }: ChangedFile): string[] {
  return hunks.flatMap(({ lines }) =>
    lines.flatMap(({ kind, text }) =>
      kind === 'context' ? [] : (text.match(/\b[A-Za-z_]\w{0,80}\b/g) ?? []),
    ),
  );
}

/** The functions and macros that the architecture's own header defines. */
function definedFor(machine: Machine, tree: SourceTree): ReadonlySet<string> {
  const text = tree.read(treeHeaders(machine).get('asm/vmalloc.h') ?? '');
  if (text === undefined || text.length > HEADER_LIMIT) return new Set();
  const symbols = findCSymbols(text).filter(({ kind }) => kind === 'function' || kind === 'macro');
  return new Set(symbols.map(({ name }) => name));
}
