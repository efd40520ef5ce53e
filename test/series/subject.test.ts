// SPDX-License-Identifier: GPL-2.0-only

import { expect, test } from 'vitest';
import { parseSubject } from '../../src/series/subject.ts';

test.each([
  [
    '[PATCH v4 5/6] mm: x',
    { version: 4, index: 5, total: 6, isPatch: true, prefix: 'PATCH', title: 'mm: x' },
  ],
  ['[RFC PATCH v2 0/3] x', { version: 2, index: 0, rfc: true, prefix: 'RFC PATCH' }],
  ['[RFC][PATCH v2 1/3] x', { version: 2, index: 1, rfc: true, title: 'x' }],
  ['[PATCH mm-unstable v3] x', { version: 3, index: undefined, prefix: 'PATCH mm-unstable' }],
  ['[PATCHv2 01/12] x', { version: 2, index: 1, total: 12 }],
  ['[PATCH RESEND v2 1/1] x', { version: 2, resend: true }],
  ['[PATCH net-next,v2,3/4] x', { version: 2, index: 3 }],
  ['Re: [PATCH] x', { reply: true, isPatch: true, version: 1 }],
  ['RE: Fwd: Re: [PATCH] x', { reply: true, title: 'x' }],
  ['[linux-next:master] build failed', { isPatch: false }],
  ['[PATCH] [stable] x [y]', { isPatch: true, title: 'x [y]' }],
  ['[PATCH v2.1 3/7] x', { version: 2, round: 1, index: 3, total: 7 }],
  ['[PATCH v2 3/7] x', { version: 2, round: 0 }],
  ['[PATCH', { isPatch: false, title: '[PATCH' }],
  ['', { isPatch: false, title: '' }],
])('%s', (subject, expected) => {
  expect(parseSubject(subject)).toMatchObject(expected);
});
