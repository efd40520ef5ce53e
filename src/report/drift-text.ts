// SPDX-License-Identifier: GPL-2.0-only

/** A function of the model, and what became in some tree of the kernel's symbol that it cites. */
export interface Drift {
  /** File of the model. */
  readonly source: string;
  readonly path: string;
  readonly symbol: string;
  /** How true the model says that it is: the same meaning, changed, or nothing. */
  readonly fidelity: 'dup' | 'custom' | 'stub';
  /** `new`: there, and not in the kernel that the model was written after. */
  readonly what: 'same' | 'changed' | 'new' | 'moved' | 'gone';
  /** Files that define it, where it is not in the one cited. */
  readonly elsewhere: readonly string[];
}

interface Section {
  readonly title: string;
  holds(drift: Drift): boolean;
}

/** In the order in which they are read: where the model claims to mean the same, a change matters most. */
const SECTIONS: readonly Section[] = [
  {
    title: 'Changed, and the model means to do the same: read both versions',
    holds: ({ what, fidelity }) => what === 'changed' && fidelity === 'dup',
  },
  {
    title: 'Changed, where the model goes its own way',
    holds: ({ what, fidelity }) => what === 'changed' && fidelity !== 'dup',
  },
  { title: 'Moved', holds: ({ what }) => what === 'moved' },
  { title: 'Not there: gone, or not there yet', holds: ({ what }) => what === 'gone' },
  {
    title: 'There, and not in the kernel that the model was written after',
    holds: ({ what }) => what === 'new',
  },
];

/** Most files that are named for one symbol. */
const MOST_PLACES = 3;

/** How far a tree has moved away from what the model cites, as lines of text. */
export function renderDrift(drifts: readonly Drift[], pinned: string, tree: string): readonly string[] {
  const count = (what: Drift['what']): number => drifts.filter((drift) => drift.what === what).length;
  const head = [
    `${drifts.length} functions of the model cite the kernel. In ${tree}, compared with ${pinned}:`,
    `${count('same')} the same, ${count('changed')} changed, ${count('moved')} moved, ${count('gone')} not there, ${count('new')} newer`,
  ];
  const sections = SECTIONS.flatMap(({ title, holds }) => {
    const rows = drifts.filter(holds);
    return rows.length === 0 ? [] : ['', `${title}:`, ...rows.map(renderRow)];
  });
  return [...head, ...sections];
}

function renderRow({ source, path, symbol, elsewhere }: Drift): string {
  const more = elsewhere.length - MOST_PLACES;
  const places = elsewhere.slice(0, MOST_PLACES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `  ${symbol}  ${path}${places === '' ? '' : ` -> ${places}`}  (${source})`;
}
