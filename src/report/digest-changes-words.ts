// SPDX-License-Identifier: GPL-2.0-only

import type { DigestChanges } from './digest-schema.ts';
import { oneLine } from './digest-words.ts';
import { counted } from './styled-text.ts';

/** One thing to say of what changed; `warn` where the changelog and the patches do not agree. */
interface ChangeItem {
  readonly text: string;
  readonly style?: 'warn' | 'dim';
}

/** Most functions that are named in a row. */
const MOST_NAMED = 6;

/** What changed between two versions, the patches first, then the changelog beside what the patches show. */
export function changeItems(changes: DigestChanges): readonly ChangeItem[] {
  const { stated } = changes;
  return [
    { text: patchesText(changes) },
    ...(stated.length === 0 ? [{ text: 'its changelog says nothing about it', style: 'dim' as const }] : []),
    ...stated.map(statedItem),
    ...unmentionedItems(changes),
  ];
}

/** `3 patches as before; changed: patch 2; added: "mm/vmalloc: …"; dropped: "…", now in patch 3`. */
function patchesText({ patches }: DigestChanges): string {
  type Those = DigestChanges['patches'];
  const of = (...outcomes: Those[number]['outcome'][]): Those =>
    patches.filter(({ outcome }) => outcomes.includes(outcome));
  const numbered = (those: Those): string =>
    `${those.length === 1 ? 'patch' : 'patches'} ${those.map(({ after }) => after).join(', ')}`;
  const named = (those: Those): string => those.map(outcomeText).join(', ');
  const [same, words, changed] = [of('same'), of('message'), of('changed')];
  return [
    ...(same.length === 0 ? [] : [`${counted(same.length, 'patch', 'patches')} as before`]),
    ...(words.length === 0 ? [] : [`only the message differs: ${numbered(words)}`]),
    ...(changed.length === 0 ? [] : [`changed: ${numbered(changed)}`]),
    ...(of('added').length === 0 ? [] : [`added: ${named(of('added'))}`]),
    ...(of('dropped').length === 0 ? [] : [`dropped: ${named(of('dropped'))}`]),
  ].join('; ');
}

function outcomeText({ subject, splitFrom, squashedInto }: DigestChanges['patches'][number]): string {
  const split = splitFrom === undefined ? '' : `, split from patch ${splitFrom}`;
  const squashed = squashedInto === undefined ? '' : `, now in patch ${squashedInto}`;
  return `"${oneLine(subject)}"${split}${squashed}`;
}

function statedItem({ patch, text, verdict, reasons }: DigestChanges['stated'][number]): ChangeItem {
  const said = `${patch === 0 ? '' : `patch ${patch}: `}${oneLine(text)}`;
  if (verdict !== 'not-seen') return { text: said };
  return {
    text: `stated, and not seen in the patches: ${said} (${reasons.map(oneLine).join('; ')})`,
    style: 'warn',
  };
}

/** Functions in patches that no changelog names stand out; the others may be what an entry means. */
function unmentionedItems({ unmentioned, stated, basis }: DigestChanges): ChangeItem[] {
  const listed = (those: DigestChanges['unmentioned']): string => {
    const names = those.slice(0, MOST_NAMED).map(({ name }) => oneLine(name));
    const more = those.length - names.length;
    return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  };
  const silent = unmentioned.filter(({ patchNamed }) => !patchNamed);
  const by = basis === 'hunks' ? ', by what the hunks show' : '';
  if (silent.length === 0) return [];
  const text = `differ${stated.length === 0 ? '' : ' and stand in no changelog'}${by}: ${listed(silent)}`;
  return [{ text, ...(stated.length === 0 ? {} : { style: 'warn' as const }) }];
}
