// SPDX-License-Identifier: GPL-2.0-only

import type { Known } from './known.ts';
import { commandOf, type Command } from './keys.ts';
import { commandAbout, linkAbout, type Copied } from './copy.ts';
import { aboutUnder, leadTo, type Destination } from './lead.ts';
import type { Page, View } from './page.ts';
import { toPatchNumber } from './patch-number.ts';
import { isRestable, matches, viewUnder, type Placed } from './place.ts';
import { matchInOtherMail } from './search-mails.ts';
import { currentView, opened, type OpenView, type State } from './state.ts';

/** What a key meets. */
export interface Scene {
  readonly known: Known;
  readonly placed: Placed;
  /** Lines for rows. */
  readonly height: number;
  /** A page that is not shown, as it would be now. */
  readonly pageOf: (view: View) => Page;
}

/** Columns that a text is scrolled sideways at a time. */
const SIDEWAYS = 8;

/** The longest search; more is no search but something pasted. */
const MOST_SEARCHED = 200;

/** A transition: the state after a key. */
export function stepOnKey(state: State, key: string, scene: Scene): State {
  if (key === 'ctrl+c') return { ...state, isLeaving: true };
  if (state.isTyping) return stepOnTyping(state, key, scene);
  const command = commandOf(key);
  const calm = { ...state, notice: undefined, copied: undefined, number: '' };
  if (command === 'patch-number') return numbered(calm, state.number + key, false, scene);
  if (command === 'open' && state.number !== '') return numbered(calm, state.number, true, scene);
  if (command === 'cancel' && state.number !== '') return calm;
  return command === undefined ? calm : stepOnCommand(calm, command, scene);
}

function stepOnTyping(state: State, key: string, scene: Scene): State {
  const { search } = currentView(state);
  if (key === 'enter') return { ...state, isTyping: false };
  if (key === 'escape') return { ...withOpen(state, { search: '' }), isTyping: false };
  if (key === 'backspace') {
    if (search === '') return { ...state, isTyping: false };
    return searched(state, Array.from(search).slice(0, -1).join(''), scene);
  }
  if (key === 'ctrl+u') return searched(state, '', scene);
  const character = key === 'space' ? ' ' : key;
  if (Array.from(character).length !== 1 || search.length >= MOST_SEARCHED) return state;
  return searched(state, search + character, scene);
}

function numbered(state: State, number: string, isWhole: boolean, { known, placed }: Scene): State {
  const { view } = currentView(state);
  const to = toPatchNumber(number, isWhole, { view, about: aboutUnder(placed), series: known.series });
  return 'number' in to
    ? { ...state, number: to.number, notice: `patch ${to.number}: enter, or another digit` }
    : followed(state, to);
}

/** A list begins anew with the rows that are left; in a text the cursor goes to the first match from where it is. */
function searched(state: State, search: string, { placed }: Scene): State {
  if (placed.page.mode === 'list') return withOpen(state, { search, row: 0, key: undefined, top: 0 });
  const { rows, row } = placed;
  const ahead = rows.findIndex((each, index) => index >= row && matches(each, search));
  const found = ahead === -1 ? rows.findIndex((each) => matches(each, search)) : ahead;
  return withOpen(state, found === -1 ? { search } : { search, row: found, key: rows[found]!.key });
}

function stepOnCommand(state: State, command: Command, scene: Scene): State {
  const { placed, height } = scene;
  const { rows, row } = placed;
  switch (command) {
    case 'down':
      return movedBy(state, 1, placed);
    case 'up':
      return movedBy(state, -1, placed);
    case 'left':
      return sideways(state, -1, placed);
    case 'right':
      return sideways(state, 1, placed);
    case 'page-down':
      return scrolledBy(state, Math.max(1, height - 1), placed);
    case 'page-up':
      return scrolledBy(state, -Math.max(1, height - 1), placed);
    case 'half-down':
      return scrolledBy(state, Math.max(1, height >> 1), placed);
    case 'half-up':
      return scrolledBy(state, -Math.max(1, height >> 1), placed);
    case 'first':
      return movedBy(state, -rows.length, placed);
    case 'last':
      return movedBy(state, rows.length, placed);
    case 'next-stop':
      return movedTo(state, stopFrom(placed, 1), placed);
    case 'previous-stop':
      return movedTo(state, stopFrom(placed, -1), placed);
    case 'search':
      return { ...withOpen(state, { search: '', row, key: rows[row]?.key }), isTyping: true };
    case 'next-match':
      return toMatch(state, 1, scene);
    case 'previous-match':
      return toMatch(state, -1, scene);
    case 'cancel':
      if (currentView(state).search !== '') return withOpen(state, { search: '' });
      return state.open.length === 1 ? { ...state, notice: 'q leaves' } : closed(state);
    case 'back':
      return state.open.length === 1 ? { ...state, isLeaving: true } : closed(state);
    case 'quit':
      return { ...state, isLeaving: true };
    case 'open':
      return followed(state, opensAt(placed));
    case 'machine':
      return { ...state, machine: nextMachine(state.machine, scene.known) };
    case 'copy-command':
      return copied(state, commandAbout(aboutUnder(placed), scene.known));
    case 'copy-link':
      return copied(state, linkAbout(aboutUnder(placed), scene.known));
    case 'next-version':
    case 'previous-version':
      if (placed.page.mode === 'list' && placed.page.columns > 1) {
        return sideways(state, command === 'next-version' ? 1 : -1, placed);
      }
      return followed(state, leadTo(command, currentView(state).view, scene));
    // The terminal's business, not the reader's place.
    case 'redraw':
    case 'suspend':
      return state;
    default:
      return followed(state, leadTo(command, currentView(state).view, scene));
  }
}

function withOpen(state: State, change: Partial<OpenView>): State {
  const [first, ...others] = state.open;
  const current = { ...currentView(state), ...change };
  return { ...state, open: others.length === 0 ? [current] : [first, ...others.slice(0, -1), current] };
}

/** The last view that is open stays. */
function closed(state: State): State {
  const [first, ...others] = state.open;
  return { ...state, open: [first, ...others.slice(0, -1)] };
}

function movedTo(state: State, row: number, { rows, top }: Placed): State {
  return withOpen(state, { row, key: rows[row]?.key, top });
}

/** To the row that many lines away on which the cursor may rest, or the last one before it. */
function movedBy(state: State, lines: number, placed: Placed): State {
  const { rows, row, page } = placed;
  if (row < 0) return state;
  const way = Math.sign(lines);
  let found = row;
  for (let at = row + way; at >= 0 && at < rows.length; at += way) {
    if (!isRestable(rows[at]!, page.mode)) continue;
    // Between rows that can be rested on, headings and blank lines do not count as steps of one.
    if (found !== row && Math.abs(at - row) > Math.abs(lines)) break;
    found = at;
    if (Math.abs(at - row) >= Math.abs(lines)) break;
  }
  return movedTo(state, found, placed);
}

/** The rows move under the cursor, which stays where it is on the screen as far as there are rows. */
function scrolledBy(state: State, lines: number, placed: Placed): State {
  const top = Math.max(0, placed.top + lines);
  return movedBy(state, lines, { ...placed, top });
}

function sideways(state: State, way: number, { page, column }: Placed): State {
  if (page.mode === 'list') {
    if (page.columns === 1) return state;
    return withOpen(state, { column: Math.max(0, Math.min(page.columns - 1, column + way)) });
  }
  return withOpen(state, { column: Math.max(0, (currentView(state).column ?? 0) + way * SIDEWAYS) });
}

function stopFrom({ rows, row }: Placed, way: number): number {
  for (let at = row + way; at >= 0 && at < rows.length; at += way) if (rows[at]!.stop === true) return at;
  return row;
}

/** The next row that has the words: on this page, else in the next mail of the version that has them, at last from the other end. */
function toMatch(state: State, way: 1 | -1, scene: Scene): State {
  const { rows, row } = scene.placed;
  const { search, view } = currentView(state);
  if (search === '') return { ...state, notice: 'nothing is looked for: / begins a search' };
  const ahead = rows.findIndex((each, index) => index > row && matches(each, search));
  const behind = rows.findLastIndex((each, index) => index < row && matches(each, search));
  const next = way > 0 ? ahead : behind;
  if (next !== -1) return movedTo(state, next, scene.placed);
  const other = matchInOtherMail(view, search, way, scene);
  if (other !== undefined) {
    const opens = followed(state, { view: other.view, instead: true });
    return withOpen(opens, { search, row: other.row, key: other.key });
  }
  const around =
    way > 0
      ? rows.findIndex((each) => matches(each, search))
      : rows.findLastIndex((each) => matches(each, search));
  return around === -1
    ? { ...state, notice: `\`${search}\` is not here` }
    : movedTo(state, around, scene.placed);
}

function copied(state: State, copy: Copied): State {
  if ('notice' in copy) return { ...state, notice: copy.notice };
  return {
    ...state,
    copied: copy.text,
    notice: `${copy.what} is in the clipboard, and printed when you leave`,
  };
}

function opensAt(placed: Placed): Destination {
  const view = viewUnder(placed);
  return view === undefined ? { notice: 'nothing to open here' } : { view };
}

function followed(state: State, to: Destination): State {
  if ('notice' in to) return { ...state, notice: to.notice };
  if (to.view.kind === 'overview') return { ...state, open: [state.open[0]] };
  const current = currentView(state);
  if (JSON.stringify(current.view) === JSON.stringify(to.view)) return state;
  // The next patch, the next version: the same kind of view, not one more to come back from.
  const under = to.instead === true ? closed(state).open : state.open;
  const search = to.instead === true ? currentView(state).search : '';
  return { ...state, open: [...under, { ...opened(to.view), search }] };
}

function nextMachine(machine: string | undefined, { review }: Known): string | undefined {
  const names = review?.machines.map(({ name }) => name) ?? [];
  return machine === undefined ? names[0] : names[names.indexOf(machine) + 1];
}
