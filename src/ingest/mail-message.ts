// SPDX-License-Identifier: GPL-2.0-only

import type { DiagnosticPlace } from '../base/diagnostic.ts';

/** One mail (or commit written as mail), decoded to text. Control characters in it are kept: faces escape them. */
export interface MailMessage {
  /** What it was read from: a mail, a bare diff, or text copied from a web archive, which lacks things. */
  readonly form: 'mail' | 'diff' | 'archive';
  /** Where the message begins in its source. */
  readonly place: DiagnosticPlace;
  /** Where the body's first line lies; under the message's id if the body had to be decoded. */
  readonly bodyPlace: DiagnosticPlace;
  /** Without angle brackets. Undefined for commits, and for sources that do not give it. */
  readonly messageId: string | undefined;
  /** Message ids without brackets; the first is the parent. */
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: MailAddress | undefined;
  /** In RFC 3339 form, UTC; undefined if there is none or it cannot be read. */
  readonly date: string | undefined;
  /** The date as written. */
  readonly dateText: string | undefined;
  /** The text: all text parts, then attached patches, lines ended by `\n` alone. */
  readonly body: string;
  /** The commit's hash where the source is one. */
  readonly commit: string | undefined;
}

export interface MailAddress {
  readonly name: string;
  /** Empty where the source hides it. */
  readonly address: string;
}
