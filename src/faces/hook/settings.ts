// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from '../../report/review-schema.ts';
import { askGit } from './ask-git.ts';

/** What `git config rewalk.*` says; docs/hooks.md lists the names. */
export interface HookSettings {
  /** Findings of this severity and graver ones stop. */
  readonly threshold: Finding['severity'];
  /** Names of machines; undefined for the usual ones. */
  readonly machines: readonly string[] | undefined;
  /** Seconds after which a review is given up. */
  readonly timeBudget: number;
  /** What the tree before the series has too counts as well. */
  readonly baseline: boolean;
  /** A review that could not be made stops as a finding does. */
  readonly failureStops: boolean;
  /** Random scenarios on each state; undefined for the packs' own number. */
  readonly scenarios: number | undefined;
  /** The tree that mailed patches apply to where they do not say it themselves. */
  readonly tree: string | undefined;
}

export interface ReadSettings {
  readonly settings: HookSettings;
  /** Values that mean nothing, a sentence each; the default stands for them. */
  readonly complaints: readonly string[];
}

const SEVERITIES: readonly Finding['severity'][] = ['bug', 'risk', 'cost'];
const USUAL_BUDGET = 300;

export function readSettings(): ReadSettings {
  const values = new Map<string, string>();
  for (const entry of (askGit(['config', '--null', '--get-regexp', '^rewalk\\.']) ?? '').split('\0')) {
    const [name = '', ...value] = entry.split('\n');
    // A name without `=` means true.
    if (name !== '') values.set(name.toLowerCase(), value.length === 0 ? 'true' : value.join('\n'));
  }
  return settingsFrom(values);
}

/** The settings that named values make; names in lower case, as git gives them. */
export function settingsFrom(values: ReadonlyMap<string, string>): ReadSettings {
  const complaints: string[] = [];
  const read = <T>(name: string, usual: T, parse: (text: string) => T | undefined, wanted: string): T => {
    const text = values.get(`rewalk.${name.toLowerCase()}`);
    if (text === undefined) return usual;
    const value = parse(text);
    if (value === undefined) complaints.push(`rewalk.${name} is \`${text}\`; it must be ${wanted}`);
    return value ?? usual;
  };
  const settings: HookSettings = {
    threshold: read(
      'threshold',
      'risk',
      (text) => SEVERITIES.find((each) => each === text),
      'bug, risk or cost',
    ),
    machines: read('machines', undefined, namesIn, 'names of machines with commas between'),
    timeBudget: read(
      'timeBudget',
      USUAL_BUDGET,
      (text) => wholeNumber(text) || undefined,
      'seconds, 1 or more',
    ),
    baseline: read('baseline', false, truth, 'true or false'),
    failureStops: read('failureStops', false, truth, 'true or false'),
    scenarios: read('scenarios', undefined, wholeNumber, 'a number from 0 on'),
    tree: read('tree', undefined, (text) => text, 'DIR or DIR@REV'),
  };
  return { settings, complaints };
}

function namesIn(text: string): string[] | undefined {
  const names = text.split(/[,\s]+/).filter((name) => name !== '');
  return names.length === 0 ? undefined : names;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/** As git reads truth. */
function truth(text: string): boolean | undefined {
  if (/^(?:true|yes|on|1)$/i.test(text)) return true;
  return /^(?:false|no|off|0|)$/i.test(text) ? false : undefined;
}
