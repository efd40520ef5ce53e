// SPDX-License-Identifier: GPL-2.0-only
import { Command } from 'commander';
import { EXIT_STATUS_MEANINGS } from './exit-status.ts';

/**
 * The verbs, in the order in which `rewalk --help` lists them. Each is imported when it is asked for: a git hook that
 * has nothing to run must not wait for all that a review needs.
 */
const VERBS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['review', async () => (await import('./review.ts')).reviewCommand()],
  ['tui', async () => (await import('./tui.ts')).tuiCommand()],
  ['show', async () => (await import('./show.ts')).showCommand()],
  ['diff', async () => (await import('./diff.ts')).diffCommand()],
  ['explain', async () => (await import('./explain.ts')).explainCommand()],
  ['replay', async () => (await import('./replay.ts')).replayCommand()],
  ['selftest', async () => (await import('./selftest.ts')).selftestCommand()],
  ['translate', async () => (await import('./translate.ts')).translateCommand()],
  ['costs', async () => (await import('./costs.ts')).costsCommand()],
  ['digest', async () => (await import('./digest.ts')).digestCommand()],
  ['invariants', async () => (await import('./invariants.ts')).invariantsCommand()],
  ['hook', async () => (await import('./hook.ts')).hookCommand()],
  ['machines', async () => (await import('./machines.ts')).machinesCommand()],
  ['completion', async () => (await import('./completion.ts')).completionCommand()],
  ['man', async () => (await import('./man.ts')).manCommand()],
]);

/** What each does, in a line of the list of verbs. */
const SUMMARIES: Readonly<Record<string, string>> = {
  review: 'run a series or a tree: which patch breaks which promise',
  tui: 'the same in the whole terminal, to walk through',
  show: 'print what a series consists of, without running it',
  diff: 'compare two versions of a series',
  explain: 'say why a finding is one',
  replay: 'run one case and print every event',
  selftest: "run the tree's own lib/test_vmalloc.c",
  translate: 'print what is run for a function beside its C',
  costs: 'hold performance claims against modelled costs',
  digest: 'tell what a list brought, what needs attention first',
  invariants: 'list the promises, or explain one',
  hook: 'let git and b4 judge a series before it is sent',
  machines: 'list the machines that a series is run on',
  completion: 'print a script that completes the command line in a shell',
  man: 'print the manual page',
};

const DESCRIPTION =
  'Reviews patch series for Linux memory-management code by running them: every version, and every patch ' +
  'inside it, is built on a kernel tree, executed on a model of the machine, and held to what the code ' +
  'around it relies on.';

const EPILOGUE = `
Exit status:
${EXIT_STATUS_MEANINGS.map(([status, meaning]) => `  ${status}  ${meaning}`).join('\n')}`;

/** Verbs that are about all others, which are imported with them. */
const ABOUT_ALL: ReadonlySet<string> = new Set(['completion', 'man']);

/**
 * The command line. Usage errors end in a `CommanderError`, never in `process.exit`.
 *
 * @param version - as package.json states it.
 * @param word - the first word of the command line; where it names a verb, no other is imported.
 */
export async function rewalkProgram(version: string, word: string | undefined): Promise<Command> {
  const program = new Command('rewalk')
    .description(DESCRIPTION)
    .version(version, '-V, --version', 'print the version of rewalk')
    .helpOption('-h, --help', 'print what a verb does and which options it takes')
    // `rewalk --version` asks for rewalk's, `rewalk review --version 4` for the series'.
    .enablePositionalOptions()
    .helpCommand('help [verb]', 'print what a verb does and which options it takes')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', EPILOGUE);
  const named = ABOUT_ALL.has(word ?? '') ? undefined : VERBS.get(word ?? '');
  const verbs = named === undefined ? [...VERBS.values()] : [named];
  for (const verb of await Promise.all(verbs.map((load) => load()))) {
    program.addCommand(verb.summary(SUMMARIES[verb.name()] ?? ''));
  }
  forEachCommand(program, (command) => command.exitOverride().showSuggestionAfterError());
  return program;
}

function forEachCommand(command: Command, apply: (command: Command) => void): void {
  apply(command);
  for (const child of command.commands) forEachCommand(child, apply);
}
