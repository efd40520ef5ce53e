// SPDX-License-Identifier: GPL-2.0-only

import type { Patch } from './series.ts';

/** Longer messages are read up to here. */
const MOST_READ = 20_000;

/** “No functional change”, “no change in behaviour”, “does not change semantics”, “NFC”. */
const CLAIMS: readonly RegExp[] = [
  /\bno\s(?:intended\s|intentional\s)?(?:functional|functionality|behaviou?r|behaviou?ral|semantic)\s(?:changes?|differences?)\b/i,
  /\bno\s(?:changes?|differences?)\s(?:in|of|to)\s(?:functionality|behaviou?r|semantics)\b/i,
  /\b(?:does|do)(?:\snot|n't)\schange\s(?:any\s|the\s)?(?:functionality|behaviou?r|semantics)\b/i,
  /\bNFCI?\b/,
];

/** What makes less of a statement: it holds of a part, under a condition, or not at all. */
const LESS_BEFORE =
  /\b(?:except|apart|aside|other than|unless|besides|beyond|if|when|where|while|not|isn't|wasn't|on|almost|hardly|mostly)\b/i;
const LESS_BEHIND =
  /\b(?:except|apart|aside|other than|unless|but|besides|beyond|though|however|otherwise|if|when|where|while|until|yet|for|so far|on|in|at)\b/i;

/** Of the whole patch: no condition. */
const OF_WHOLE_PATCH = /\b(?:in|by|with|from) this (?:patch|commit|change|series)\b/i;

/** The sentence in which a patch's message says that the patch changes nothing; undefined where it does not say so. */
export function noChangeClaim({ subject, message }: Pick<Patch, 'subject' | 'message'>): string | undefined {
  return [subject, ...sentencesOf(message.slice(0, MOST_READ))].find(saysNoChange);
}

function saysNoChange(sentence: string): boolean {
  const claim = CLAIMS.map((each) => each.exec(sentence)).find((each) => each !== null);
  if (claim === undefined) return false;
  const before = sentence.slice(0, claim.index);
  const behind = sentence.slice(claim.index + claim[0].length).replace(OF_WHOLE_PATCH, '');
  return !LESS_BEFORE.test(before) && !LESS_BEHIND.test(behind);
}

/** Quoted lines are somebody else's words. */
function sentencesOf(message: string): string[] {
  const own = message
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n');
  return own
    .split(/(?<=[.;!?])\s+|\n\s*\n|\n(?=\s*[-*•]\s)/)
    .map((sentence) => sentence.replaceAll(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}
