// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { BINDINGS, commandOf, keysOf, type KeyFlags } from '../../../src/faces/tui/keys.ts';

const none: KeyFlags = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
};

it('keys that were typed fast come one by one', () => {
  expect(keysOf('jk G', none)).toEqual(['j', 'k', 'space', 'G']);
  expect(keysOf('j\u001A', none)).toEqual(['j', 'ctrl+z']);
  expect(keysOf('/map\r\u007F\t', none)).toEqual(['/', 'm', 'a', 'p', 'enter', 'backspace', 'tab']);
});

it('keys with names have them', () => {
  expect(keysOf('', { ...none, downArrow: true })).toEqual(['down']);
  expect(keysOf('', { ...none, delete: true })).toEqual(['backspace']);
  expect(keysOf('', { ...none, tab: true, shift: true })).toEqual(['shift+tab']);
  expect(keysOf('c', { ...none, ctrl: true })).toEqual(['ctrl+c']);
});

it('no key has two meanings', () => {
  const all = BINDINGS.flatMap(({ bindings }) =>
    bindings.flatMap(({ command, keys }) => keys.map((key) => ({ command, key }))),
  );
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  for (const { command, key } of all) expect(commandOf(key)).toBe(command);
});
