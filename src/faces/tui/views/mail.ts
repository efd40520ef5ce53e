// SPDX-License-Identifier: GPL-2.0-only

import type { ThreadMail } from '../../../read-thread.ts';
import { clipped, padded, span, textWidth } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page, Row } from '../page.ts';
import type { Reply } from '../posted.ts';
import { paragraphsOf, refolded } from './paragraphs.ts';

/** Answers deeper than this are not indented further. */
const MOST_DEPTH = 12;
const MOST_NAME = 20;

/** Mails in which no patch is found, each answer below what it answers. */
export function threadRows(mails: readonly ThreadMail[]): Row[] {
  const names = mails.map(({ author }) => clipped(terminalText(nameOf(author)), MOST_NAME));
  const width = Math.max(0, ...names.map(textWidth));
  return mails.map(({ subject, date, depth, messageId }, at): Row => ({
    line: [
      span(`${date?.slice(0, 10) ?? 'no date   '}  `, 'dim'),
      span(`${padded(names[at]!, width)}  `, 'strong'),
      span(' '.repeat(Math.min(depth, MOST_DEPTH)) + terminalText(subject)),
    ],
    opens: { kind: 'mail', at },
    about: messageId === undefined ? {} : { messageId },
    key: `mail ${at}`,
  }));
}

/** Replies to a version, in the order in which they came. */
export function replyRows(label: string, replies: readonly Reply[], total: number): Row[] {
  const names = replies.map(({ author }) => clipped(terminalText(nameOf(author)), MOST_NAME));
  const width = Math.max(0, ...names.map(textWidth));
  return replies.map(({ date, body, toPatch, messageId }, at): Row => ({
    line: [
      span(`» ${toPatch === undefined ? '?' : toPatch}/${total} `, 'warn'),
      span(padded(names[at]!, width), 'strong'),
      span(`  ${date?.slice(0, 10) ?? ''}  `, 'dim'),
      span(terminalText(firstWords(body)), 'dim'),
    ],
    opens: { kind: 'reply', label, at },
    about: {
      label,
      ...(toPatch === undefined ? {} : { patch: toPatch }),
      ...(messageId === undefined ? {} : { messageId }),
    },
    key: `reply ${label} ${at}`,
  }));
}

/** One of the mails that came without patches. */
export function mailPage(at: number, { mails }: Known, look: Look): Page {
  return pageOfMail(mails[at], `mail ${at + 1}/${mails.length}`, look);
}

/** A reply in full. */
export function replyPage(
  { label, at }: { readonly label: string; readonly at: number },
  { series }: Known,
  look: Look,
): Page {
  const reply = series?.versions.find((version) => version.label === label)?.replies[at];
  const page = pageOfMail(reply, `${label} reply ${at + 1}`, look);
  const patch = reply?.toPatch === undefined ? {} : { patch: reply.toPatch };
  return { ...page, about: { ...page.about, label, ...patch } };
}

type Mail = Pick<ThreadMail, 'subject' | 'body'> & Partial<Pick<Reply, 'author' | 'date' | 'messageId'>>;

function pageOfMail(mail: Mail | ThreadMail | undefined, name: string, { width }: Look): Page {
  const page = { head: [], mode: 'text', columns: 1 } as const;
  if (mail === undefined) {
    return { ...page, title: name, rows: [{ line: [span('there is no such mail', 'bad')] }], about: {} };
  }
  const { subject, author, date, messageId, body } = mail;
  const facts = [nameOf(author), date?.slice(0, 16).replace('T', ' '), messageId].filter(
    (fact) => fact !== undefined && fact !== '',
  );
  const lines = body.trimEnd().split('\n');
  return {
    ...page,
    title: `${name} ${terminalText(subject)}`,
    rows: [
      { line: [span(terminalText(facts.join(', ')), 'dim')] },
      { line: [] },
      ...paragraphsOf(lines, () => false).flatMap(({ first, last }) =>
        refolded(lines.slice(first, last + 1), width).map((text, index): Row => ({
          line: [text.startsWith('>') ? span(text, 'dim') : span(text)],
          key: `line ${first} ${index}`,
          ...(isAnswer(lines, first) ? { stop: true } : {}),
        })),
      ),
    ],
    about: messageId === undefined ? {} : { messageId },
  };
}

/** Tab goes to where somebody's own words begin below what is quoted. */
function isAnswer(lines: readonly string[], at: number): boolean {
  const before = lines.slice(0, at).findLast((line) => line.trim() !== '');
  return before?.startsWith('>') === true && lines[at]!.trim() !== '' && !lines[at]!.startsWith('>');
}

function nameOf(author: ThreadMail['author']): string {
  return author === undefined ? 'somebody' : author.name || author.address;
}

/** The first line that is its author's own. */
function firstWords(body: string): string {
  const own = body.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('>'));
  return (own.find((line) => !/(?:wrote|writes):$/.test(line.trimEnd())) ?? '').trim();
}
