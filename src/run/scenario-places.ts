// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../base/units.ts';
import type { Place } from './scenario.ts';
import { ScenarioError } from './scenario-words.ts';

// Places and areas as scenarios write them.

export function place(text: string): Place {
  const [, start, after = '0', before = after] = /^(w|#\d+)(?:\+(\d+)|(-\d+))?$/.exec(text) ?? [];
  if (start === undefined) throw new ScenarioError(`\`${text}\` is not a place like \`w+512\` or \`#0\``);
  return { of: start === 'w' ? 'window' : areaNumber(start), page: Number(before) };
}

export function range(text: string): { readonly at: Place; readonly size: PageCount } {
  const [, start, size] = /^(.*)\*(\d+)$/.exec(text) ?? [];
  if (start === undefined)
    throw new ScenarioError(`\`${text}\` is not a range like \`#0+2*4\`: page 2 on, 4 pages`);
  return { at: place(start), size: Number(size) };
}

export function areaNumber(text: string): number {
  const [, digits] = /^#(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new ScenarioError(`\`${text}\` is not an area like \`#0\``);
  return Number(digits);
}

export function areaOrNone(text: string): number | 'null' | 'unknown' {
  return text === 'null' || text === 'unknown' ? text : areaNumber(text);
}
