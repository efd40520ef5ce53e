// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCommand } from '../../src/report/finding-text.ts';
import { replayCommand } from '../../src/report/replay-command.ts';
import { plainText } from '../../src/report/styled-text.ts';

/** What a shell makes of a command line, after its first word. */
function wordsOf(command: string): string[] {
  const script = command.replace(/^rewalk /, "printf '%s\\0' ");
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const series = { sources: ["it's here", '-odd'], version: '2', patch: 5 };
const request = {
  scenario: 'vmap 4K*3,64K@+1; vunmap #0',
  machine: 'arm64-4k',
  tree: 'a tree',
  fromTree: true,
  series,
};
const words = [
  ...['replay', request.scenario, '--machine', 'arm64-4k', '--tree', 'a tree'],
  ...['--series', "it's here", '--series', '-odd', '--version', '2', '--patch', '5', '--from-tree'],
];

describe('the command that runs a finding again', () => {
  it('means the same to a shell, whatever the words hold', () => {
    expect(wordsOf(replayCommand(request))).toEqual(words);
  });

  it.each([40, 60, 80, 200])('broken into lines for %d columns, too', (width) => {
    const text = renderCommand(replayCommand(request), width)
      .map((line) => plainText(line))
      .join('\n');
    expect(wordsOf(text.trim())).toEqual(words);
  });

  it('any scenario and any tree', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (scenario, tree) => {
        fc.pre(!`${scenario}${tree}`.includes('\0'));
        const command = replayCommand({ scenario, machine: 'm', tree, fromTree: false });
        expect(wordsOf(command)).toEqual(['replay', scenario, '--machine', 'm', '--tree', tree]);
      }),
      { numRuns: 20 },
    );
  });
});
