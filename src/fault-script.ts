// SPDX-License-Identifier: GPL-2.0-only

import { z } from 'zod';
import { OverlayTree, type SourceTree } from './ingest/source-tree.ts';
import { findCFunctions } from './series/c-functions.ts';

/**
 * Faults and harmless rewrites as they stand in test/faults: each a few searches and replacements. They measure what a
 * review finds (docs/detection.md). A search is a few words, so that no kernel's text lies in this repository.
 */

/** The trees that scripts are written for: fixtures/linux, and Debian's sources of Linux 6.12. */
export const faultTrees = ['embedded', '6.12'] as const;
export type FaultTree = (typeof faultTrees)[number];

const stepSchema = z.strictObject({
  file: z.string().min(1),
  /** The function that is searched; without it the whole file is. */
  function: z.string().optional(),
  search: z.string().min(1).max(120),
  replace: z.string().max(400),
  /** Which of the places is meant, 1-based; without it there must be exactly one. */
  occurrence: z.int().positive().optional(),
});

const scriptSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  /** What kind of mistake it is; `harmless` for a rewrite that changes nothing that anybody relies on. */
  class: z.string().min(1),
  /** What goes wrong, or why nothing does. */
  why: z.string().min(1),
  /** The fix that the script undoes, by its subject; `unverified` where the subject is from memory. */
  upstream: z.strictObject({ subject: z.string().min(1), unverified: z.boolean().optional() }).optional(),
  steps: z.partialRecord(z.enum(faultTrees), z.array(stepSchema).min(1)),
  /** Why it is not found, by tree, where that is known and accepted. */
  missed: z.partialRecord(z.enum(faultTrees), z.string().min(1)).optional(),
});

export type FaultScript = z.infer<typeof scriptSchema>;
type FaultStep = z.infer<typeof stepSchema>;

const fileSchema = z.array(scriptSchema);

/** The scripts of one file. Throws on anything else: the files are part of this repository. */
export function parseFaultScripts(text: string): readonly FaultScript[] {
  return fileSchema.parse(JSON.parse(text));
}

export function isHarmless(script: FaultScript): boolean {
  return script.class === 'harmless';
}

/** The tree with the script applied, or one sentence why it does not apply. */
export function applyFaultScript(
  script: FaultScript,
  on: FaultTree,
  base: SourceTree,
): { readonly tree: SourceTree } | { readonly refused: string } {
  const changed = new Map<string, string>();
  for (const step of script.steps[on] ?? []) {
    const text = changed.get(step.file) ?? base.read(step.file);
    if (text === undefined) return { refused: `there is no ${step.file}` };
    const places = placesOf(step, text);
    const at = step.occurrence === undefined ? places[0] : places[step.occurrence - 1];
    if (at === undefined || (step.occurrence === undefined && places.length > 1)) {
      return { refused: `\`${step.search}\` stands ${places.length} times in ${whereOf(step)}` };
    }
    changed.set(step.file, text.slice(0, at) + step.replace + text.slice(at + step.search.length));
  }
  return { tree: new OverlayTree(`${base.title} + ${script.name}`, base, changed) };
}

function whereOf(step: FaultStep): string {
  return step.function === undefined ? step.file : `${step.function}() of ${step.file}`;
}

/** Where the words stand, as offsets into the text. */
function placesOf(step: FaultStep, text: string): readonly number[] {
  const [from, to] = step.function === undefined ? [0, text.length] : extentOf(text, step.function);
  const places: number[] = [];
  for (let at = text.indexOf(step.search, from); at !== -1; at = text.indexOf(step.search, at + 1)) {
    if (at + step.search.length > to) break;
    places.push(at);
  }
  return places;
}

/** A function from its first line to its last; an empty extent where there is none of that name. */
function extentOf(text: string, name: string): readonly [number, number] {
  const found = findCFunctions(text).find((symbol) => symbol.name === name);
  if (found === undefined) return [text.length, text.length];
  const lines = text.split('\n');
  const offset = (line: number): number =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return [offset(found.startLine), offset(found.endLine + 1)];
}
