// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';

/** A row of the table in docs/known-findings.md. */
export interface KnownFinding {
  readonly invariant: string;
  readonly function: string;
  readonly file: string;
  readonly trees: readonly string[];
  readonly machines: readonly string[];
}

/** Does a cell's entry, `x86_64-4level` or `arm64-*`, mean this machine? */
export function meansMachine(entry: string, machine: string): boolean {
  return entry.endsWith('*') ? machine.startsWith(entry.slice(0, -1)) : entry === machine;
}

/** The rows of the document's one table. */
export function knownFindings(): readonly KnownFinding[] {
  const text = readFileSync(new URL('../../docs/known-findings.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const cells = row.split('|').slice(1, -1);
    const [invariant = '', name = '', file = '', trees = '', machines = ''] = cells.map((cell) =>
      cell.replaceAll('`', '').trim(),
    );
    return { invariant, function: name, file, trees: trees.split(', '), machines: machines.split(', ') };
  });
}
