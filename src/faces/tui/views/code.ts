// SPDX-License-Identifier: GPL-2.0-only

import { span, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import { renderTranslation } from '../../../report/translation-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page, Row, View } from '../page.ts';

/** A C function beside the TypeScript that is run for it. */
export function codePage(view: Extract<View, { kind: 'code' }>, known: Known, { width }: Look): Page {
  const { file, function: name, machine, label, patch } = view;
  const state = patch === 0 ? 'before the series' : `after ${label} patch ${patch}`;
  const key = `translate ${JSON.stringify([file, name, machine, label, patch])}`;
  const answer = known.answers.get(key);
  const page = {
    title: `${name}() of ${file}, ${state}`,
    head: [[span(`C and the TypeScript that is run for it on ${machine}`, 'dim')]] satisfies Line[],
    mode: 'text',
    columns: 1,
    about: { file, function: name, machine, label, patch },
  } as const;
  if (answer?.to === 'translate') {
    const lines = renderTranslation(answer.functions, width);
    // Where the two do not stand beside each other, tab goes from one to the other.
    const rows = lines.map((line, index): Row => {
      const isFirst = index === 0 || lines[index - 1]!.length === 0;
      return isFirst ? { line, stop: true } : { line };
    });
    return { ...page, rows };
  }
  if (answer?.to === 'nothing') {
    return { ...page, rows: [{ line: [span(terminalText(answer.why), 'bad')] }] };
  }
  const version = label === 'base' ? undefined : label;
  return {
    ...page,
    rows: [{ line: [span('translating …', 'warn')] }],
    asks: [{ ask: 'translate', key, file, function: name, machine, version, patch }],
  };
}
