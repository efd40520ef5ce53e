// SPDX-License-Identifier: GPL-2.0-only

import type { ChangelogEntry, SeriesVersion } from './series.ts';
import type {
  CheckedEntry,
  FunctionDiff,
  NamedThing,
  OnTheWay,
  PatchOutcome,
  UnmentionedChange,
  Verdict,
} from './version-diff.ts';

/** What a comparison found, for entries to be held against. */
export interface Compared {
  readonly from: SeriesVersion;
  readonly to: SeriesVersion;
  readonly patches: readonly PatchOutcome[];
  readonly functions: readonly FunctionDiff[];
  readonly onTheWay: readonly OnTheWay[];
}

/** An entry of the newer version's changelogs, and the mail that has it. */
interface PlacedEntry {
  readonly patch: number;
  readonly entry: ChangelogEntry;
}

/** Holds each changelog entry about these two versions against what was found to differ. */
export function checkChangelog(compared: Compared): CheckedEntry[] {
  return entriesAbout(compared).map(({ patch, entry }) => {
    const named = [
      ...identifiersIn(entry.text).map((name) => checkName(name, compared)),
      ...entry.patches.map((number) => checkPatch(number, entry, compared)),
      ...filesIn(entry.text).map((path) => checkFile(path, compared)),
      ...entry.credits.map((name) => checkPerson(name, compared)),
    ];
    return { text: entry.text, patch, line: entry.line, verdict: verdictOf(named), named };
  });
}

/** Functions that differ and that no entry names. */
export function unmentionedChanges(compared: Compared): UnmentionedChange[] {
  const entries = entriesAbout(compared);
  const names = new Set(entries.flatMap(({ entry }) => identifiersIn(entry.text)));
  const patches = new Set(
    entries.flatMap(({ patch, entry }) => (patch === 0 ? entry.patches : [patch, ...entry.patches])),
  );
  return compared.functions
    .filter(({ name, previousName }) => !names.has(name) && !names.has(previousName ?? name))
    .map(({ name, change, file, line, after }) => ({
      name,
      change,
      file,
      ...(line === undefined ? {} : { line }),
      after,
      patchNamed: after.some((patch) => patches.has(patch)),
    }));
}

function entriesAbout({ from, to }: Compared): PlacedEntry[] {
  const all = [
    ...(to.cover?.changelog ?? []).map((entry) => ({ patch: 0, entry })),
    ...to.patches.flatMap(({ index, changelog }) => changelog.map((entry) => ({ patch: index, entry }))),
  ];
  return all.filter(({ entry }) => entry.from >= from.version && entry.to <= to.version);
}

/** Words that are names of C: with an underscore, or followed by `()`. */
export function identifiersIn(text: string): string[] {
  const words = text.matchAll(/(?<![\w./-])(\*?)([A-Za-z_]\w{0,80})(\(\))?(?![\w/-]|\.[ch]\b)/g);
  const names = [...words].flatMap(([, , name = '', call]) =>
    call !== undefined || /\w_\w|^__?\w/.test(name) ? [name] : [],
  );
  return [...new Set(names)];
}

function filesIn(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/(?<![\w/])((?:[\w.-]{1,60}\/){0,8}[\w.-]{1,60}\.[chS])(?!\w)/g)].map(
        ([, path = '']) => path,
      ),
    ),
  ];
}

/** A name is seen if it is a function that differs, or stands in a line that does. */
function checkName(name: string, { functions, onTheWay, from, to }: Compared): NamedThing {
  const thing = { kind: 'function', name } as const;
  const own = functions.find((change) => change.name === name || change.previousName === name);
  if (own !== undefined) return { ...thing, verdict: 'seen', reason: `${placeOf(own)} ${wordOf(own)}` };
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  const inside = functions.find(({ lines }) =>
    lines.some(({ kind, text }) => kind !== 'same' && word.test(text)),
  );
  if (inside !== undefined) {
    return {
      ...thing,
      verdict: 'seen',
      reason: `in lines of ${inside.name} that differ, ${placeOf(inside)}`,
    };
  }
  const passing = onTheWay.find((change) => change.name === name);
  if (passing !== undefined) {
    const which = passing.after.map((patch) => `patch ${patch}`).join(' and ');
    return {
      ...thing,
      verdict: 'seen',
      reason: `the same in the end; ${which} ${passing.after.length === 1 ? 'changes' : 'change'} it otherwise than before`,
    };
  }
  const known = [from, to].some(({ patches }) =>
    patches.some(({ files }) =>
      files.some(({ hunks }) => hunks.some(({ lines }) => lines.some(({ text }) => word.test(text)))),
    ),
  );
  return known
    ? { ...thing, verdict: 'not-seen', reason: 'the patches have it, and no line with it differs' }
    : { ...thing, verdict: 'cannot-be-told', reason: 'it stands in none of the patches' };
}

/** A number may be of either version: squashed patches have their old one. */
function checkPatch(number: number, { text }: ChangelogEntry, { patches }: Compared): NamedThing {
  const thing = { kind: 'patch', name: `patch ${number}` } as const;
  const old = patches.find(({ before }) => before === number);
  const now = patches.find(({ after }) => after === number);
  if (/\b(?:squash|merge|fold|drop|split|combine|move)/i.test(text)) {
    if (old?.squashedInto !== undefined)
      return { ...thing, verdict: 'seen', reason: `squashed into patch ${old.squashedInto}` };
    if (old?.outcome === 'dropped') return { ...thing, verdict: 'seen', reason: 'dropped' };
  }
  if (now === undefined)
    return { ...thing, verdict: 'cannot-be-told', reason: 'the newer version has no patch of this number' };
  if (now.outcome === 'same') return { ...thing, verdict: 'not-seen', reason: 'it is as before' };
  return {
    ...thing,
    verdict: 'seen',
    reason: now.outcome === 'message' ? 'its message differs' : now.outcome,
  };
}

function checkFile(path: string, { functions }: Compared): NamedThing {
  const thing = { kind: 'file', name: path } as const;
  const found = functions.find(({ file }) => file === path || file.endsWith(`/${path}`));
  return found === undefined
    ? { ...thing, verdict: 'cannot-be-told', reason: 'no function in it is seen to differ' }
    : { ...thing, verdict: 'seen', reason: `${found.name} differs` };
}

/** Someone is seen if a mail of theirs on the older version was read. */
function checkPerson(name: string, { from }: Compared): NamedThing {
  const thing = { kind: 'person', name } as const;
  const plain = (text: string | undefined): string => (text ?? '').replace(/\s*\(.*\)$/, '').toLowerCase();
  const reply = from.replies.find(({ author }) => plain(author?.name) === plain(name));
  if (reply === undefined)
    return { ...thing, verdict: 'cannot-be-told', reason: 'no mail of theirs was read' };
  const to = reply.toPatch === undefined ? '' : ` to patch ${reply.toPatch}`;
  return { ...thing, verdict: 'seen', reason: `replied${to} of ${from.label}` };
}

/** Names of code decide; patches, files and people alone decide where there are none. */
function verdictOf(named: readonly NamedThing[]): Verdict {
  const code = named.filter(({ kind, verdict }) => kind === 'function' && verdict !== 'cannot-be-told');
  const others = named.filter(({ kind, verdict }) => kind !== 'person' && verdict !== 'cannot-be-told');
  const deciding = code.length > 0 ? code : others;
  if (deciding.length === 0) return 'cannot-be-told';
  return deciding.some(({ verdict }) => verdict === 'seen') ? 'seen' : 'not-seen';
}

function placeOf({ file, line }: FunctionDiff): string {
  return line === undefined ? file : `${file}:${line}`;
}

function wordOf({ change, previousName, name }: FunctionDiff): string {
  if (change === 'renamed') return `renamed from ${previousName ?? ''} to ${name}`;
  return change === 'modified' ? 'changed' : change;
}
