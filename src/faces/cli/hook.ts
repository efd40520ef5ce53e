// SPDX-License-Identifier: GPL-2.0-only

import { realpathSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { terminalText } from '../../report/terminal-text.ts';
import { HOOK_KINDS, RUN_KINDS, type HookKind, type RunKind } from '../hook/hook-kinds.ts';
import type { Done } from '../hook/install.ts';
import { EXIT_STATUS } from './exit-status.ts';

const DESCRIPTION =
  'Lets git and b4 judge a series before it leaves the house: a promise that it breaks stops the mail or the push. ' +
  'Commits that touch nothing that is run pass at once.';

interface InstallOptions {
  readonly type: HookKind;
  readonly global?: true;
}

/** The verb `rewalk hook`. */
export function hookCommand(): Command {
  const command = new Command('hook').description(DESCRIPTION);
  const install = new Command('install').description(
    'Puts a hook in place, in front of one that is there already, and says what it did.',
  );
  const uninstall = new Command('uninstall').description(
    'Takes the hook away and puts back what was there before.',
  );
  withPlace(install).action(async (options: InstallOptions) => {
    const program = hookProgram();
    const { installScript } = await import('../hook/install.ts');
    const { installB4 } = await import('../hook/install-b4.ts');
    const everywhere = options.global === true;
    report(
      options.type === 'b4'
        ? installB4(program, everywhere)
        : installScript(options.type, program, everywhere),
    );
  });
  withPlace(uninstall).action(async (options: InstallOptions) => {
    const { uninstallScript } = await import('../hook/install.ts');
    const { uninstallB4 } = await import('../hook/install-b4.ts');
    const everywhere = options.global === true;
    report(options.type === 'b4' ? uninstallB4(everywhere) : uninstallScript(options.type, everywhere));
  });
  return command.addCommand(install).addCommand(uninstall).addCommand(runCommand());
}

function withPlace(command: Command): Command {
  const types = new Option(
    '--type <T>',
    'before mail by git send-email, before a push, before git-review, or among the checks of b4',
  );
  return command
    .addOption(types.choices(HOOK_KINDS).default('sendemail-validate'))
    .option('--global', 'for all repositories of this user');
}

function runCommand(): Command {
  return new Command('run')
    .description('What the hooks run: reads what git or b4 hands to them, and answers as they expect.')
    .addArgument(new Argument('<hook>', 'which of them').choices(RUN_KINDS))
    .argument('[args...]', 'as git passes them')
    .action(async (kind: RunKind, args: string[]) => {
      const { runHook } = await import('../hook/run-hook.ts');
      await runHook(kind, args);
    });
}

/** The program that hooks call, by its own path: a hook has not the user's PATH. */
function hookProgram(): string[] {
  return [process.execPath, realpathSync(process.argv[1]!)];
}

function report({ ok, lines }: Done): void {
  const output = ok ? process.stdout : process.stderr;
  for (const line of lines) output.write(`${terminalText(line)}\n`);
  process.exitCode = ok ? EXIT_STATUS.nothingFound : EXIT_STATUS.badInput;
}
