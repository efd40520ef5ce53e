// SPDX-License-Identifier: GPL-2.0-only

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { askGitForLines } from './ask-git.ts';
import type { ScriptKind } from './hook-kinds.ts';
import { CHAINED_SUFFIX, hookScript, isOurScript, passOnScript } from './hook-script.ts';

/** What was done, in sentences; `ok` is false where it could not be done, and then nothing was changed. */
export interface Done {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/**
 * Hooks that a repository may have and that a folder of hooks for all repositories has to pass on. Those whose mere
 * being there changes what git does (push-to-checkout, proc-receive, fsmonitor-watchman, p4-*) are left out.
 */
const PASSED_ON = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit'],
  ...['prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge'],
  ...['pre-push', 'pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction'],
  ...['pre-auto-gc', 'post-rewrite', 'sendemail-validate', 'post-index-change'],
];

interface HookFolder {
  readonly path: string;
  /** Worth saying about where it is. */
  readonly notes: readonly string[];
  /** A folder for all repositories that is not configured yet. */
  readonly toConfigure: boolean;
}

/** Puts rewalk's hook in place, and what was there behind it. */
export function installScript(kind: ScriptKind, command: readonly string[], everywhere: boolean): Done {
  const folder = everywhere ? globalFolder(kind) : repositoryHooks();
  if (folder === undefined)
    return { ok: false, lines: ['this is not a git repository; --global needs none'] };
  const path = join(folder.path, kind);
  const before = `${path}${CHAINED_SUFFIX}`;
  const found = readHook(path);
  const passesOn = folder.toConfigure || passesHooksOn(folder.path);
  const text = hookScript(kind, command, passesOn ? 'repository' : 'beside');
  if (found === text && !folder.toConfigure) return { ok: true, lines: [`${path} is there already`] };
  const foreign = found !== undefined && !isOurScript(found);
  if (foreign && exists(before)) {
    return {
      ok: false,
      lines: [`${path} and ${before} are both hooks of others: move one of them away first`],
    };
  }
  mkdirSync(folder.path, { recursive: true });
  if (foreign) renameSync(path, before);
  writeScript(path, text);
  const lines = [`${found === undefined || foreign ? 'wrote' : 'renewed'} ${path}`];
  if (foreign) lines.push(`the hook that was there is now ${before}, and still runs first`);
  if (folder.toConfigure) lines.push(...configureGlobalFolder(folder.path));
  return { ok: true, lines: [...lines, ...folder.notes] };
}

/** Takes rewalk's hook away and puts back what was there before. */
export function uninstallScript(kind: ScriptKind, everywhere: boolean): Done {
  const folder = everywhere ? globalFolder(kind) : repositoryHooks();
  if (folder === undefined)
    return { ok: false, lines: ['this is not a git repository; --global needs none'] };
  const path = join(folder.path, kind);
  const before = `${path}${CHAINED_SUFFIX}`;
  const found = readHook(path);
  if (found === undefined || !isOurScript(found) || found === passOnScript(kind)) {
    return { ok: true, lines: [`there is no ${kind} hook of rewalk's in ${folder.path}`] };
  }
  if (exists(before)) {
    renameSync(before, path);
    return { ok: true, lines: [`took rewalk's hook away; ${path} is again what it was`] };
  }
  const lines = [`removed rewalk's hook from ${folder.path}`];
  if (!passesHooksOn(folder.path)) rmSync(path);
  else {
    writeScript(path, passOnScript(kind));
    lines.push(...dropGlobalFolder(folder.path));
  }
  return { ok: true, lines };
}

function repositoryHooks(): HookFolder | undefined {
  const [path] = askGitForLines(['rev-parse', '--git-path', 'hooks']);
  if (path === undefined) return undefined;
  const configured = askGitForLines(['config', '--show-scope', '--get', 'core.hooksPath']);
  const shared = configured.some((line) => !/^(?:local|worktree)\s/.test(line));
  const notes = shared
    ? ['that is where core.hooksPath says that hooks are, for other repositories too']
    : [];
  return { path: resolve(path), notes, toConfigure: false };
}

function globalFolder(kind: ScriptKind): HookFolder {
  if (kind === 'pre-review') {
    return { path: join(homedir(), '.config/git-review/hooks'), notes: [], toConfigure: false };
  }
  const [configured] = askGitForLines(['config', '--global', '--type=path', '--get', 'core.hooksPath']);
  if (configured !== undefined) return { path: resolve(configured), notes: [], toConfigure: false };
  const home = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return { path: join(home, 'rewalk/git-hooks'), notes: [], toConfigure: true };
}

function configureGlobalFolder(path: string): string[] {
  askGitForLines(['config', '--global', 'core.hooksPath', path]);
  const added = PASSED_ON.filter((name) => !exists(join(path, name)));
  for (const name of added) writeScript(join(path, name), passOnScript(name));
  return [
    `set core.hooksPath to ${path} for all your repositories`,
    "each repository's own hooks still run, through short scripts in that folder; push-to-checkout, " +
      'proc-receive and fsmonitor-watchman do not',
  ];
}

/** Whether a folder is one that takes the place of each repository's own. */
function passesHooksOn(path: string): boolean {
  return PASSED_ON.some((name) => readHook(join(path, name)) === passOnScript(name));
}

/** Without such a folder again, once nothing is left in it that does more than passing on. */
function dropGlobalFolder(path: string): string[] {
  const passing = PASSED_ON.filter((name) => readHook(join(path, name)) === passOnScript(name));
  if (readdirSync(path).length > passing.length) return [];
  for (const name of passing) rmSync(join(path, name));
  askGitForLines(['config', '--global', '--unset', 'core.hooksPath']);
  return ['nothing else is in that folder: core.hooksPath is unset again'];
}

function writeScript(path: string, text: string): void {
  // Never half a hook: git may run it at any moment.
  const next = `${path}.${process.pid}`;
  writeFileSync(next, text);
  chmodSync(next, 0o755);
  renameSync(next, path);
}

/** A link that leads nowhere is there as well. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readHook(path: string): string | undefined {
  if (!exists(path)) return undefined;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
