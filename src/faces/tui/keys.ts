// SPDX-License-Identifier: GPL-2.0-only

/** What a key does. */
export type Command =
  | 'down'
  | 'up'
  | 'left'
  | 'right'
  | 'page-down'
  | 'page-up'
  | 'half-down'
  | 'half-up'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'cancel'
  | 'quit'
  | 'next-stop'
  | 'previous-stop'
  | 'next-patch'
  | 'previous-patch'
  | 'next-version'
  | 'previous-version'
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'machine'
  | 'copy-command'
  | 'copy-link'
  | 'overview'
  | 'findings'
  | 'patch'
  | 'patch-number'
  | 'letter'
  | 'versions'
  | 'code'
  | 'explanation'
  | 'coverage'
  | 'redraw'
  | 'suspend'
  | 'help';

export interface Binding {
  readonly command: Command;
  /** The first is named on the screen. */
  readonly keys: readonly string[];
  /** What the help shows in place of all keys. */
  readonly shown?: string;
  readonly does: string;
}

/** All keys, as the help lists them. They are those of tig, less and vim where these agree. */
export const BINDINGS: readonly { readonly title: string; readonly bindings: readonly Binding[] }[] = [
  {
    title: 'Moving',
    bindings: [
      { command: 'down', keys: ['j', 'down', 'ctrl+n'], does: 'one line down' },
      { command: 'up', keys: ['k', 'up', 'ctrl+p'], does: 'one line up' },
      { command: 'left', keys: ['h', 'left'], does: 'one column left' },
      { command: 'right', keys: ['l', 'right'], does: 'one column right' },
      { command: 'page-down', keys: ['space', 'pagedown', 'ctrl+f'], does: 'one screen down' },
      { command: 'page-up', keys: ['b', 'pageup', 'ctrl+b', '-'], does: 'one screen up' },
      { command: 'half-down', keys: ['ctrl+d'], does: 'half a screen down' },
      { command: 'half-up', keys: ['ctrl+u'], does: 'half a screen up' },
      { command: 'first', keys: ['g', 'home'], does: 'to the first line' },
      { command: 'last', keys: ['G', 'end'], does: 'to the last line' },
      { command: 'next-stop', keys: ['tab'], does: 'to the next section, finding, reply or file' },
      { command: 'previous-stop', keys: ['shift+tab'], does: 'to the one before' },
    ],
  },
  {
    title: 'Opening and leaving',
    bindings: [
      { command: 'open', keys: ['enter'], does: 'open what is under the cursor' },
      { command: 'back', keys: ['q'], does: 'back; at the overview: leave' },
      { command: 'cancel', keys: ['escape'], does: 'end a search, else back' },
      { command: 'quit', keys: ['Q', 'ctrl+c'], does: 'leave' },
      { command: 'suspend', keys: ['ctrl+z'], does: 'to the shell; `fg` comes back' },
      { command: 'redraw', keys: ['ctrl+l'], does: 'draw the screen anew' },
    ],
  },
  {
    title: 'Views',
    bindings: [
      { command: 'overview', keys: ['o'], does: 'what is wrong with the series: findings and matrix' },
      {
        command: 'findings',
        keys: ['f'],
        does: 'all findings, those of the tree before the series too',
      },
      { command: 'patch', keys: ['p'], does: 'the patch, with findings and replies at their lines' },
      {
        command: 'patch-number',
        keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
        shown: '0-9',
        does: 'the patch of that number; 0 is the cover letter',
      },
      { command: 'letter', keys: ['w'], does: 'the cover letter' },
      { command: 'versions', keys: ['d'], does: 'this version against the one before, by function' },
      { command: 'code', keys: ['c'], does: 'the C function beside the TypeScript that is run' },
      { command: 'explanation', keys: ['e'], does: 'why the finding is one, with the page table' },
      { command: 'coverage', keys: ['r'], does: 'what was run, on which functions, and what was not' },
      { command: 'help', keys: ['?', 'f1'], does: 'this page' },
    ],
  },
  {
    title: 'In a view',
    bindings: [
      { command: 'previous-patch', keys: ['['], does: 'the patch before' },
      { command: 'next-patch', keys: [']'], does: 'the patch after' },
      { command: 'previous-version', keys: ['{'], does: 'the version before' },
      { command: 'next-version', keys: ['}'], does: 'the version after' },
      { command: 'machine', keys: ['m'], does: 'one machine alone, the next one, all together' },
      { command: 'search', keys: ['/'], does: 'filter a list; look for words in a text' },
      {
        command: 'next-match',
        keys: ['n'],
        does: 'the next match; in a patch or letter, in those that follow too',
      },
      { command: 'previous-match', keys: ['N'], does: 'the match before' },
      { command: 'copy-command', keys: ['y'], does: 'copy the command that runs the finding again' },
      { command: 'copy-link', keys: ['Y'], does: 'copy the link to the mail' },
    ],
  },
];

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  BINDINGS.flatMap(({ bindings }) => bindings).flatMap(({ command, keys }) =>
    keys.map((key): [string, Command] => [key, command]),
  ),
);

/** Undefined for a key that does nothing. */
export function commandOf(key: string): Command | undefined {
  return COMMANDS.get(key);
}

/** What ink says of a key besides its characters; the ones that matter. */
export interface KeyFlags {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
}

const NAMED: readonly (readonly [keyof KeyFlags, string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageDown', 'pagedown'],
  ['pageUp', 'pageup'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

/** The keys of one piece of input: a name such as `enter` or `ctrl+d`, else each character. Keys typed fast come together. */
export function keysOf(input: string, flags: KeyFlags): string[] {
  if (flags.tab) return [flags.shift ? 'shift+tab' : 'tab'];
  const named = NAMED.find(([flag]) => flags[flag]);
  if (named !== undefined) return [named[1]];
  if (flags.ctrl) return [`ctrl+${input}`];
  if (input === 'OP' || input === '[11~') return ['f1'];
  return Array.from(input, keyOfCharacter);
}

function keyOfCharacter(character: string): string {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\t') return 'tab';
  if (character === ' ') return 'space';
  if (character === '\u007F' || character === '\b') return 'backspace';
  if (character === '\u001B') return 'escape';
  const code = character.charCodeAt(0);
  return code < 0x20 ? `ctrl+${String.fromCharCode(code + 0x60)}` : character;
}
