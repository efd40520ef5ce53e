// SPDX-License-Identifier: GPL-2.0-only

/** Everything that a scenario needs to run again. */
export interface ReplayRequest {
  readonly scenario: string;
  readonly machine: string;
  /** `DIR` or `DIR@REV`. */
  readonly tree: string;
  readonly fromTree: boolean;
  /** Left out where the tree is run as it is. */
  readonly series?: {
    readonly sources: readonly string[];
    /** Which series, where the sources hold several. */
    readonly pick?: string | undefined;
    readonly version: string;
    readonly patch: number;
  };
}

/** The command line that runs a scenario again, for a POSIX shell. */
export function replayCommand(request: ReplayRequest): string {
  const { scenario, machine, tree, fromTree, series } = request;
  const words = ['rewalk', 'replay', scenario, '--machine', machine, '--tree', tree];
  if (series !== undefined) {
    for (const source of series.sources) words.push('--series', source);
    if (series.pick !== undefined) words.push('--pick', series.pick);
    words.push('--version', series.version, '--patch', String(series.patch));
  }
  if (fromTree) words.push('--from-tree');
  return words.map(shellWord).join(' ');
}

/** A word quoted for a POSIX shell, if it needs that. */
export function shellWord(word: string): string {
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
