// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import type { Diagnostic } from './base/diagnostic.ts';
import { groupedBy } from './base/grouped.ts';
import { shellWord } from './report/replay-command.ts';
import type { Finding } from './report/review-schema.ts';
import { counted } from './report/styled-text.ts';
import type { JudgedState } from './review-defects.ts';
import { versionOption, type FindingContext } from './review-findings.ts';
import type { JobResult } from './run/job.ts';
import { findCFunctions } from './series/c-functions.ts';

/**
 * A patch that does not build by itself: it names something that only a later patch of the series brings, or calls a
 * function in a way that only a later patch makes right. A name that stays unknown up to the end may well be
 * declared in a header that is not read: that is not modelled, and no finding.
 */
export interface NameBreak {
  readonly version: number;
  readonly label: string;
  readonly machine: string;
  readonly patch: number;
  readonly repairedBy: number;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What a compiler would refuse as well; other reasons may be C that is not supported. */
const NO_C =
  /is declared nowhere|takes \d+ arguments?, \d+ (?:is|are) given|expected [`a]|has no member|unknown type|unbalanced brackets|unterminated arguments|without #(?:if|endif)|: #error/;
const MISSING_FUNCTION = /^`(\w+)\(\)` is neither in the files that are run/;
const REASON = /^(?<file>[^:]+):(?<line>\d+): (?<message>.*)$/s;

/** `states` begins with the tree before the series; the others follow in order of patches. */
export function findNameBreaks(
  { version, label, machine }: Pick<NameBreak, 'version' | 'label' | 'machine'>,
  states: readonly JudgedState[],
): NameBreak[] {
  const rows = states.map(
    ({ result }) => new Map(result.untranslated.map(({ name, reason }) => [name, reason])),
  );
  const where = { version, label, machine };
  const breaks = [...missingFunctions(where, states), ...unreadItems(where, states)];
  for (let at = 1; at < rows.length; at++) {
    for (const [name, reason] of rows[at]!) {
      const match = NO_C.test(reason) ? REASON.exec(reason)?.groups : undefined;
      if (match === undefined || rows[at - 1]!.has(name)) continue;
      const repaired = states.slice(at + 1).find((_, later) => !rows[at + 1 + later]!.has(name));
      if (repaired === undefined || hasMessage(rows.at(-1)!, match['message']!)) continue;
      breaks.push({
        ...{ version, label, machine, function: name },
        patch: states[at]!.patch,
        repairedBy: repaired.patch,
        file: match['file']!,
        line: Number(match['line']),
        message: match['message']!,
      });
    }
  }
  return breaks;
}

/** The function may only have been given another name. */
function hasMessage(row: ReadonlyMap<string, string>, message: string): boolean {
  return [...row.values()].some((reason) => reason.endsWith(message));
}

/** Items at file scope, or whole files, that cannot be read until a later patch puts them right. */
function unreadItems(
  where: Pick<NameBreak, 'version' | 'label' | 'machine'>,
  states: readonly JudgedState[],
): NameBreak[] {
  return states.slice(1).flatMap((state, index) =>
    unreadIn(state).flatMap((unread): NameBreak[] => {
      const { file, line, message } = unread;
      if (!NO_C.test(message) || unreadIn(states[index]!).some((old) => isSameItem(old, unread))) return [];
      const repaired = states
        .slice(index + 2)
        .find((later) => !unreadIn(later).some((each) => isSameItem(each, unread)));
      const name = functionAt(state.source[file] ?? '', line);
      if (repaired === undefined || name === undefined) return [];
      const at = { file, line, message, function: name };
      return [{ ...where, ...at, patch: state.patch, repairedBy: repaired.patch }];
    }),
  );
}

interface Unread {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

function unreadIn({ result }: JudgedState): Unread[] {
  return result.diagnostics.flatMap(({ message, where }) =>
    where?.file === undefined ? [] : [{ file: where.file, line: where.line ?? 1, message }],
  );
}

function isSameItem(a: Unread, b: Unread): boolean {
  return a.file === b.file && a.message === b.message;
}

/** The function that holds the line, or else the last one before it: a broken body may not end where it should. */
function functionAt(text: string, line: number): string | undefined {
  return findCFunctions(text).findLast(({ startLine }) => startLine <= line)?.name;
}

/** C that the last patch leaves in a way that it cannot be read, and that could be read before the series. */
export function unreadAtTip(states: readonly JudgedState[], label: string): Diagnostic[] {
  const [base, tip] = [states[0]!, states.at(-1)!];
  const before = unreadIn(base);
  return unreadIn(tip)
    .filter((unread) => !before.some((old) => isSameItem(old, unread)))
    .map(({ file, line, message }) => ({
      code: 'review/unread',
      severity: 'error',
      message: `${file}:${line}: ${message}, so that ${label} is not run from there`,
    }));
}

/** The same of the tree before the series. A file of which nothing could be read leaves nothing to judge. */
export function unreadInBase(base: JobResult): Diagnostic[] {
  return base.diagnostics.flatMap(({ code, message, where }): Diagnostic[] => {
    if (where?.file === undefined) return [];
    const place = `${where.file}:${where.line ?? 1}: ${message}`;
    return code === 'translate/preprocess'
      ? [
          {
            code: 'review/unread',
            severity: 'error',
            message: `${place}, so that the file is not run at all`,
          },
        ]
      : [
          {
            code: 'review/unread',
            severity: 'warning',
            message: `${place}: what is defined there is not run, and the model stands in where it can`,
          },
        ];
  });
}

/** Functions that scenarios ran into, and that only a later patch brings. */
function missingFunctions(
  where: Pick<NameBreak, 'version' | 'label' | 'machine'>,
  states: readonly JudgedState[],
): NameBreak[] {
  return states.slice(1).flatMap((state, index) => {
    const before = missingIn(states[index]!);
    return missingIn(state).flatMap((name): NameBreak[] => {
      // What is there, and was not understood, is no fault of the patch.
      if (before.includes(name) || defines(state.source, name)) return [];
      const repaired = states.slice(index + 2).find(({ source }) => defines(source, name));
      const call = repaired && firstCall(state.source, name);
      if (call === undefined) return [];
      const message = `\`${name}()\` is called and defined nowhere`;
      return [{ ...where, ...call, patch: state.patch, repairedBy: repaired!.patch, message }];
    });
  });
}

function missingIn({ result }: JudgedState): string[] {
  return result.notModelled.flatMap(({ reason }) => MISSING_FUNCTION.exec(reason)?.[1] ?? []);
}

function defines(source: JudgedState['source'], name: string): boolean {
  return Object.values(source).some(
    (text) => text.includes(name) && findCFunctions(text).some((found) => found.name === name),
  );
}

function firstCall(
  source: JudgedState['source'],
  callee: string,
): Pick<NameBreak, 'file' | 'line' | 'function'> | undefined {
  const call = new RegExp(String.raw`\b${callee}\s*\(`);
  for (const [file, text] of Object.entries(source)) {
    if (!call.test(text)) continue;
    const lines = text.split('\n');
    for (const { name, bodyStartLine, endLine } of findCFunctions(text)) {
      const line = lines.findIndex(
        (each, index) => index >= bodyStartLine && index < endLine && call.test(each),
      );
      if (line !== -1) return { file, line: line + 1, function: name };
    }
  }
  return undefined;
}

/** One finding of `bisect` for each reason why a patch does not build, on all machines and of all functions together. */
export function nameFindings(breaks: readonly NameBreak[], context: FindingContext): Finding[] {
  const groups = groupedBy(breaks, ({ label, patch, repairedBy, message }) =>
    JSON.stringify([label, patch, repairedBy, message]),
  );
  return [...groups.values()].map((group): Finding => {
    const { version, label, machine, patch, repairedBy, file, line, message, function: name } = group[0]!;
    const hash = createHash('sha256').update(`${name}\n${message}`).digest('hex').slice(0, 6);
    const subject = context.subjectOf(label, patch);
    const others = new Set(group.map((each) => each.function)).size - 1;
    return {
      id: `${label}-bisect-${hash}`,
      defect: `bisect-${hash}`,
      invariant: 'bisect',
      breaks: [],
      severity: 'bug',
      ...{ version, label, patch, repairedBy, machine },
      ...(subject === undefined ? {} : { subject }),
      status: 'introduced',
      inBase: false,
      machines: [...new Set(group.map((each) => each.machine))],
      where: { file, line, function: name },
      stack: [],
      count: 0,
      scenario: '',
      replay: translateCommand({ file, name, version, label, patch, machine }, context),
      expected: `${name}() builds after patch ${patch}, without those that follow`,
      seen: others === 0 ? message : `${message}, as in ${counted(others, 'more function')}`,
    };
  });
}

function translateCommand(
  at: { file: string; name: string; version: number; label: string; patch: number; machine: string },
  { tree, sources }: FindingContext,
): string {
  const words = ['rewalk', 'translate', at.file, at.name, '--machine', at.machine, '--tree', tree];
  for (const source of sources) words.push('--series', source);
  words.push('--version', versionOption(at), '--patch', String(at.patch));
  return words.map(shellWord).join(' ');
}
