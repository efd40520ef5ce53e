// SPDX-License-Identifier: GPL-2.0-only

import { mailLink } from '../../report/digest-words.ts';
import type { Known } from './known.ts';
import type { About } from './page.ts';

/** What a key takes to the clipboard; or nothing, and why. */
export type Copied = { readonly text: string; readonly what: string } | { readonly notice: string };

/** The command that runs the finding again. */
export function commandAbout({ finding: id }: About, { review }: Known): Copied {
  const finding = review?.findings.find((each) => each.id === id);
  return finding === undefined
    ? { notice: 'no finding here: y copies the command that runs one again' }
    : { text: finding.replay, what: 'the command' };
}

/** The link to the mail, or the name of the commit. */
export function linkAbout({ label, patch, messageId: own }: About, { series }: Known): Copied {
  if (own !== undefined) return { text: mailLink(own), what: 'the link' };
  const version = series?.versions.find((each) => each.label === label) ?? series?.versions.at(-1);
  const mail = version?.patches.find(({ index }) => index === patch);
  const messageId = mail?.messageId ?? version?.cover?.messageId;
  if (mail?.commit !== undefined && mail.messageId === undefined)
    return { text: mail.commit, what: 'the commit' };
  return messageId === undefined
    ? { notice: 'this came without a message id' }
    : { text: mailLink(messageId), what: 'the link' };
}
