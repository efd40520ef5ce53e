// SPDX-License-Identifier: GPL-2.0-only

import { plainText, type Line } from '../../report/styled-text.ts';
import { terminalLines, terminalText } from '../../report/terminal-text.ts';
import type { Session } from './session.ts';
import { currentView } from './state.ts';

/** What a screen reader is told of: the page as a text, and the place in it. */
export interface Heard {
  /** Names the page: another one is read from its beginning. */
  readonly page: string;
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly string[];
  readonly under: string | undefined;
  readonly notice: string | undefined;
  readonly search: string | undefined;
}

/** What there is to hear of a session now. */
export function heardNow(session: Session): Heard {
  const { page, rows, row, column } = session.laid().placed;
  const open = currentView(session.state);
  const under = rows[row];
  const line = under?.lineAt?.(column) ?? under?.line;
  return {
    page: JSON.stringify([open.view, page.asks === undefined]),
    title: terminalText(page.title),
    head: page.head.map(textOf),
    rows: page.rows.map((each) => textOf(each.line)),
    under: line === undefined ? undefined : textOf(line),
    notice: session.state.notice,
    search: session.state.isTyping ? `${open.search}: ${rows.length} lines` : undefined,
  };
}

/** The lines to say after something has changed: a new page in full, else what is different. */
export function linesToSay(before: Heard | undefined, now: Heard): string[] {
  if (before === undefined || before.page !== now.page) {
    return [
      '',
      now.title,
      ...now.head,
      ...now.rows,
      ...(now.under === undefined ? [] : [`at: ${now.under}`]),
    ];
  }
  const said = now.head.filter((line) => !before.head.includes(line));
  if (now.search !== undefined && now.search !== before.search) said.push(`looking for ${now.search}`);
  if (now.notice !== undefined && now.notice !== before.notice) said.push(now.notice);
  if (now.under !== undefined && now.under !== before.under) said.push(`at: ${now.under}`);
  return said;
}

function textOf(line: Line): string {
  return terminalLines(plainText(line)).trimEnd();
}
