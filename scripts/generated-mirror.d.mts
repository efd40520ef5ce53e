// SPDX-License-Identifier: GPL-2.0-only

/** A mail of a mirror: one of a series, one that belongs to none, or the same mail once more. */
export interface MirrorMail {
  readonly text: string;
  readonly id: string;
  readonly series?: number;
  readonly version?: number;
  readonly kind: 'cover' | 'patch' | 'reply' | 'other' | 'copy';
}

export function generateMirror(wanted: {
  readonly count: number;
  readonly senders: number;
  readonly seed: number;
}): MirrorMail[];
