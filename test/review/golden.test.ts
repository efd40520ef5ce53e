// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { plainText } from '../../src/report/styled-text.ts';
import { renderReview } from '../../src/report/text.ts';
import { reviewEmbedded } from './review-embedded.ts';

// `npm run golden` writes both anew.
it('the whole review of v4 on one machine, as text and as JSON', async () => {
  const review = await reviewEmbedded({ machines: ['arm64-4k'], versions: ['4'] });
  const lines = renderReview(review, { width: 80, baseline: false });
  const text = lines.map((line) => `${plainText(line).trimEnd()}\n`).join('');
  await expect(text).toMatchFileSnapshot('golden/v4-arm64-4k.txt');
  await expect(`${JSON.stringify(review, undefined, 2)}\n`).toMatchFileSnapshot('golden/v4-arm64-4k.json');
});
