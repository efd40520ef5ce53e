// SPDX-License-Identifier: GPL-2.0-only

import { Argument, Command } from 'commander';
import { describeCommand } from './command-tree.ts';
import { completionScript, SHELLS, type Shell } from './completion-scripts.ts';

const DESCRIPTION = 'Prints a script that completes this command line in a shell.';

const HOW = `
To use it:
  bash  rewalk completion bash > ~/.local/share/bash-completion/completions/rewalk
  zsh   rewalk completion zsh > DIR/_rewalk, where DIR is one of $fpath
  fish  rewalk completion fish > ~/.config/fish/completions/rewalk.fish`;

/** The verb `rewalk completion`. It must stand among all other verbs, which it completes. */
export function completionCommand(): Command {
  return new Command('completion')
    .description(DESCRIPTION)
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', HOW)
    .action((shell: Shell, _options: unknown, command: Command) => {
      process.stdout.write(completionScript(shell, describeCommand(command.parent!)));
    });
}
