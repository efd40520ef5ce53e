// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, DiagnosticPlace, WithDiagnostics } from '../base/diagnostic.ts';
import { HunkTarget, type HunkMiss } from './hunk-target.ts';
import { OverlayTree, type SourceTree } from './source-tree.ts';
import { filePatchName, type FilePatch } from './unified-diff.ts';

/**
 * Applies file patches to a tree in memory as `git apply` does: context must match exactly, a hunk may have moved
 * to other lines, a hunk at a file's edge must stay there. All or nothing: if anything fails, the value is the
 * tree unchanged and the diagnostics (errors) say what failed. `where` names the message or file of the patch.
 */
export function applyFilePatches(
  tree: SourceTree,
  filePatches: readonly FilePatch[],
  where: DiagnosticPlace,
): WithDiagnostics<OverlayTree> {
  const application = new Application(tree, where);
  for (const file of filePatches) application.applyFile(file);
  const { diagnostics, changed } = application;
  const title = diagnostics.length === 0 ? `${tree.title} + ${where.file}` : tree.title;
  return { value: new OverlayTree(title, tree, diagnostics.length === 0 ? changed : new Map()), diagnostics };
}

class Application {
  readonly diagnostics: Diagnostic[] = [];
  readonly changed = new Map<string, string | undefined>();
  private readonly tree: SourceTree;
  private readonly where: DiagnosticPlace;

  constructor(tree: SourceTree, where: DiagnosticPlace) {
    this.tree = tree;
    this.where = where;
  }

  applyFile(file: FilePatch): void {
    const { oldPath, newPath } = file;
    const name = filePatchName(file);
    if (file.binary)
      return this.report(file.line, `\`${name}\` is changed as binary data, which is not applied`);
    const before = oldPath === undefined ? '' : this.current(oldPath);
    if (before === undefined) {
      return this.report(file.line, `the patch changes \`${oldPath ?? ''}\`, which the tree does not have`);
    }
    if (newPath !== undefined && newPath !== oldPath && this.current(newPath) !== undefined) {
      return this.report(file.line, `the patch creates \`${newPath}\`, which the tree already has`);
    }
    const after = this.applyHunks(file, before);
    if (after === undefined) return;
    if (newPath === undefined && after !== '') {
      return this.report(
        file.line,
        `the patch deletes \`${name}\`, but the tree's file holds more than it removes`,
      );
    }
    if (oldPath !== undefined && oldPath !== newPath && file.change !== 'copy')
      this.changed.set(oldPath, undefined);
    if (newPath !== undefined) this.changed.set(newPath, after);
  }

  private current(path: string): string | undefined {
    return this.changed.has(path) ? this.changed.get(path) : this.tree.read(path);
  }

  private applyHunks(file: FilePatch, before: string): string | undefined {
    const target = new HunkTarget(before);
    for (const [index, hunk] of file.hunks.entries()) {
      const title = `hunk ${index + 1} of ${file.hunks.length} in \`${filePatchName(file)}\``;
      if (!hunk.complete) {
        this.report(hunk.line, `${title} is truncated or overlong, so it is not applied`);
        return undefined;
      }
      const miss = target.apply(hunk);
      if (miss !== undefined) {
        this.report(miss.line, `${title} does not apply: ${describeMiss(miss)}`);
        return undefined;
      }
    }
    return target.text();
  }

  private report(line: number, message: string): void {
    const where = { file: this.where.file, line };
    this.diagnostics.push({ code: 'ingest/does-not-apply', severity: 'error', message, where });
  }
}

function describeMiss(miss: HunkMiss): string {
  const clip = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
  if (miss.barred !== undefined) return `its lines stand at line ${miss.fileLine}, ${miss.barred}`;
  const found =
    miss.found === undefined ? 'the file ends before it' : `the file has \`${clip(miss.found)}\` there`;
  return `it expects \`${clip(miss.expected)}\` at line ${miss.fileLine}, but ${found}`;
}
