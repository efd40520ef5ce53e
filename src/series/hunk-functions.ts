// SPDX-License-Identifier: GPL-2.0-only

import type { ChangedFile, FunctionChange, Hunk } from './series.ts';

/** What hunks show of one function. */
interface Seen {
  addedHead: boolean;
  removedHead: boolean;
  contextHead: boolean;
}

/**
 * What a file's hunks say about the functions they touch, without the file: which heads are added and removed, and
 * in which function changed lines lie. A guess at names only; line ranges need the tree.
 */
export function functionChangesFromHunks(file: ChangedFile): FunctionChange[] {
  const path = file.newPath ?? file.oldPath ?? '';
  if (!/\.[ch]$/.test(path)) return [];
  const seen = new Map<string, Seen>();
  const renames = new Map<string, string>();
  for (const hunk of file.hunks) readHunk(hunk, seen, renames);
  const changes: FunctionChange[] = [];
  for (const [name, { addedHead, removedHead }] of seen) {
    if (renames.has(name)) continue;
    const previousName = [...renames].find(([, now]) => now === name)?.[0];
    const change =
      previousName !== undefined
        ? 'renamed'
        : addedHead && !removedHead
          ? 'added'
          : removedHead && !addedHead
            ? 'removed'
            : 'modified';
    changes.push({
      change,
      kind: 'function',
      name,
      ...(previousName === undefined ? {} : { previousName }),
      file: path,
      signatureChanged: addedHead || removedHead,
      basis: 'hunks',
    });
  }
  return changes;
}

function readHunk(hunk: Hunk, seen: Map<string, Seen>, renames: Map<string, string>): void {
  let current = headName(hunk.section);
  let removedHead: string | undefined;
  let addedHead: string | undefined;
  const note = (name: string): Seen => {
    const entry = seen.get(name) ?? { addedHead: false, removedHead: false, contextHead: false };
    seen.set(name, entry);
    return entry;
  };
  for (const [index, line] of hunk.lines.entries()) {
    const name = isHead(hunk, index) ? headName(line.text) : undefined;
    if (name !== undefined) {
      if (line.kind === 'added') {
        note(name).addedHead = true;
        addedHead = name;
      } else if (line.kind === 'removed') {
        note(name).removedHead = true;
        removedHead = name;
      } else if (seen.has(name)) note(name).contextHead = true;
      if (line.kind !== 'removed' || current === undefined) current = name;
      continue;
    }
    if (line.kind === 'context' && line.text.startsWith('{')) {
      // One body under an old and a new head: the function is renamed.
      if (removedHead !== undefined && addedHead !== undefined && removedHead !== addedHead) {
        renames.set(removedHead, addedHead);
      }
      [removedHead, addedHead] = [undefined, undefined];
    } else if (line.kind !== 'context' && current !== undefined && line.text.trim() !== '') {
      note(current);
    }
    if (line.text.startsWith('}')) current = undefined;
  }
}

/** Whether the line opens a function's head: one that ends in a brace, not a semicolon. */
function isHead(hunk: Hunk, index: number): boolean {
  const first = hunk.lines[index];
  if (first === undefined || headName(first.text) === undefined) return false;
  for (let next = index; next < Math.min(hunk.lines.length, index + 12); next += 1) {
    const line = hunk.lines[next];
    if (line === undefined || (line.kind !== first.kind && line.kind !== 'context')) continue;
    const text = line.text.trimEnd();
    if (next > index && text.startsWith('{')) return true;
    if (text.endsWith(';') || (next > index && headName(text) !== undefined)) return false;
    if (text.endsWith('{')) return true;
  }
  return false;
}

/** For each line of a hunk, the function that it lies in, as far as the hunk shows it. */
export function lineFunctions(hunk: Hunk): (string | undefined)[] {
  let current = headName(hunk.section);
  return hunk.lines.map((line, index) => {
    if (isHead(hunk, index)) current = headName(line.text);
    const name = current;
    if (line.text.startsWith('}')) current = undefined;
    return name;
  });
}

/** The function's name if the line could begin a definition: it starts in the first column and opens a group. */
export function headName(text: string): string | undefined {
  if (text.length > 300 || !/^[A-Za-z_]/.test(text) || /^(?:struct|union|enum)\s+\w+\s*\{?$/.test(text))
    return undefined;
  const match = /\b([A-Za-z_]\w{0,100})\(/.exec(text.replace(/__attribute__\(\([^()]*\)\)/, ''));
  const name = match?.[1];
  return name === undefined || /^(?:if|for|while|switch|return|sizeof|EXPORT_SYMBOL\w*)$/.test(name)
    ? undefined
    : name;
}
