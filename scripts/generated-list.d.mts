// SPDX-License-Identifier: GPL-2.0-only

export interface GeneratedMail {
  readonly text: string;
  readonly id: string;
  /** Number of the series that it belongs to. */
  readonly series: number;
  readonly version: number;
  readonly kind: 'cover' | 'patch' | 'reply';
}

export function generateList(wanted: {
  readonly count: number;
  readonly senders: number;
  readonly seed: number;
}): GeneratedMail[];

export function mboxOf(texts: readonly string[]): string;
