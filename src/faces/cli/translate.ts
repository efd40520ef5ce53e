// SPDX-License-Identifier: GPL-2.0-only

import { Command } from 'commander';
import { renderTranslation } from '../../report/translation-text.ts';
import { translateSource } from '../../translate-source.ts';
import { EXIT_STATUS } from './exit-status.ts';
import { repeated, wholeNumber } from './option-values.ts';
import { printDiagnostics, printLines, printRefusal, widthOf } from './print.ts';

const DESCRIPTION =
  'Prints the TypeScript that is run for a function of the tree, beside its C: what a review executes, and where a ' +
  'function could not be translated, why.';

interface TranslateOptions {
  readonly tree?: string;
  readonly series?: readonly string[];
  readonly version?: string;
  readonly patch?: number;
  readonly machine: string;
}

/** The verb `rewalk translate`. */
export function translateCommand(): Command {
  return new Command('translate')
    .description(DESCRIPTION)
    .argument('<file>', 'a path in the tree, for example mm/vmalloc.c')
    .argument('[function]', 'by default all functions of the file')
    .option('--tree <DIR[@REV]>', 'the kernel tree; as in `rewalk review`')
    .option('--series <source>', 'patches to apply to it; may be given several times', repeated)
    .option('--version <N>', 'the version of the series; by default the latest')
    .option('--patch <N>', 'how many of its patches are applied, 0 for none; by default all', wholeNumber)
    .option('--machine <M>', 'the machine whose configuration decides what is compiled', 'arm64-4k')
    .action(async (file: string, name: string | undefined, options: TranslateOptions) => {
      process.exitCode = await runTranslate(file, name, options);
    });
}

async function runTranslate(
  file: string,
  name: string | undefined,
  options: TranslateOptions,
): Promise<number> {
  const { tree, series = [], version, patch, machine } = options;
  const request = { file, function: name, machine, tree, series, version, patch };
  const { value, diagnostics } = await translateSource(request);
  if (value === undefined) {
    printRefusal(process.stderr, diagnostics);
    return EXIT_STATUS.badInput;
  }
  printDiagnostics(process.stderr, diagnostics);
  printLines(process.stdout, renderTranslation(value, widthOf(process.stdout, process.env)));
  const isUnread = diagnostics.some(({ severity }) => severity === 'error');
  const isLacking = value.some(
    ({ untranslated, missing }) => untranslated !== undefined || missing !== undefined,
  );
  return isUnread || isLacking ? EXIT_STATUS.incomplete : EXIT_STATUS.nothingFound;
}
