// SPDX-License-Identifier: GPL-2.0-only

import type { MailCounts } from '../series/mail-groups.ts';
import type {
  FunctionChange,
  Patch,
  Person,
  Reply,
  ReviewComment,
  Series,
  SeriesVersion,
  Trailer,
  TrailerFate,
} from '../series/series.ts';
import { renderClaims } from './claim-text.ts';
import { renderComments } from './comment-text.ts';
import { counted, padded, span, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** How far a patch's details are set in. */
const INDENT = '       ';

const CHANGE_WORDS: Readonly<Record<FunctionChange['change'], string>> = {
  added: 'adds',
  removed: 'removes',
  renamed: 'renames',
  modified: 'changes',
};

/** A series as lines for a terminal, with its number where there are several: its versions, their patches, and the functions that each one touches. */
export function renderSeries(series: Series, number?: number): Line[] {
  const by = series.author === undefined ? '' : `${personText(series.author)}, `;
  const lines: Line[] = [
    [span(`${number === undefined ? '' : `${number}. `}${terminalText(series.title)}`, 'heading')],
    [span(`${by}${counted(series.versions.length, 'version')}`)],
  ];
  if (series.changeId !== undefined) lines.push([span(`change-id ${terminalText(series.changeId)}`, 'dim')]);
  for (const version of series.versions) lines.push([], ...renderVersion(version));
  const dropped = series.trailerFates.filter(({ outcome }) => outcome === 'dropped');
  if (dropped.length > 0) lines.push([], [span('trailers that the next version lacks', 'strong')]);
  return [...lines, ...dropped.map(renderDropped)];
}

/** `12 messages: 2 cover letters, 8 patches, 2 replies`: every message that was read is in one of the counts. */
export function renderMailCounts({ read, covers, patches, replies, copies, others }: MailCounts): Line {
  const parts = [
    ...(covers === 0 ? [] : [counted(covers, 'cover letter')]),
    ...(patches === 0 ? [] : [counted(patches, 'patch', 'patches')]),
    ...(replies === 0 ? [] : [counted(replies, 'reply', 'replies')]),
    ...(copies === 0 ? [] : [`${counted(copies, 'message')} once more`]),
    ...(others === 0 ? [] : [counted(others, 'other')]),
  ];
  return [span(`${counted(read, 'message')} read: ${parts.join(', ')}`, 'dim')];
}

function renderDropped({ key, value, version, patch, given, next, nextPatch }: TrailerFate): Line {
  const to = `${version} ${patch}${given === 'reply' ? ' in a reply' : ''}`;
  return [
    span(`  ${terminalText(`${key}: ${value}`)}  given to ${to}, not in ${next} ${nextPatch ?? ''}`, 'warn'),
  ];
}

function renderVersion(version: SeriesVersion): Line[] {
  const parts = [
    version.date?.slice(0, 10) ?? 'no date',
    terminalText(version.prefix),
    version.missing.length === 0
      ? counted(version.total, 'patch', 'patches')
      : `${version.patches.length} of ${counted(version.total, 'patch', 'patches')}`,
    version.cover === undefined ? 'no cover letter' : coverText(version.cover.changelog.length),
    ...(version.replies.length === 0 ? [] : [counted(version.replies.length, 'reply', 'replies')]),
  ];
  const head: Line = [
    span(version.label, 'strong'),
    span(`  ${parts.filter((part) => part !== '').join(', ')}`),
  ];
  const lines: Line[] = [head];
  if (version.baseCommit !== undefined) lines.push([span(`  for commit ${version.baseCommit}`, 'dim')]);
  if (version.cover !== undefined) {
    lines.push([span(`  0/${version.total}  ${terminalText(version.cover.subject)}`)]);
    lines.push(...renderClaims(version.cover.claims, INDENT));
  }
  let next = 1;
  for (const patch of version.patches) {
    for (; next < patch.index; next += 1) lines.push(missingLine(next, version.total));
    lines.push(...renderPatch(patch, version.total));
    next = patch.index + 1;
  }
  // A cover letter alone may announce hundreds: the last gap is one line.
  if (next <= version.total && version.patches.length > 0) lines.push(missingLine(next, version.total));
  for (const reply of version.replies) {
    lines.push(renderReply(reply, version.total), ...renderClaims(reply.quotedClaims, INDENT));
    lines.push(...renderComments(commentsOf(reply, version), INDENT));
  }
  return lines;
}

/** The comments of one reply; archive text has no ids, so that the place must do. */
function commentsOf({ bodyPlace, messageId }: Reply, { comments }: SeriesVersion): ReviewComment[] {
  return comments.filter((comment) =>
    messageId === undefined
      ? comment.messageId === undefined && comment.place.file === bodyPlace.file
      : comment.messageId === messageId,
  );
}

function renderReply(reply: Reply, total: number): Line {
  const to = reply.toPatch === undefined ? '' : ` to ${reply.toPatch}/${total}`;
  const from =
    reply.author === undefined ? 'someone' : terminalText(reply.author.name || reply.author.address);
  const trailers = reply.trailers.length === 0 ? '' : `: ${trailersText(reply.trailers)}`;
  return [span(`  reply${to} by ${from}${trailers}`)];
}

function coverText(entries: number): string {
  return entries === 0
    ? 'cover letter'
    : `cover letter with ${counted(entries, 'changelog entry', 'changelog entries')}`;
}

function missingLine(index: number, total: number): Line {
  return [span(`  ${index}/${total}  `), span('missing', 'bad')];
}

function renderPatch(patch: Patch, total: number): Line[] {
  const carried = patch.carriedFrom === undefined ? '' : ` (taken over from v${patch.carriedFrom})`;
  const { added, removed } = patch.diffstat;
  const facts = [
    ...(patch.author === undefined ? [] : [terminalText(patch.author.name || patch.author.address)]),
    trailersText(patch.trailers),
    `${counted(patch.files.length, 'file')}, +${added} -${removed}`,
  ];
  return [
    [span(`  ${patch.index}/${total}  ${terminalText(patch.subject || '(no subject)')}${carried}`)],
    [span(`${INDENT}${facts.join('; ')}`, 'dim')],
    ...renderClaims(patch.claims, INDENT),
    ...renderFunctions(patch.functions),
  ];
}

function trailersText(trailers: readonly Trailer[]): string {
  const counts = new Map<string, number>();
  for (const { key } of trailers) counts.set(key, (counts.get(key) ?? 0) + 1);
  if (counts.size === 0) return 'no trailers';
  return [...counts].map(([key, count]) => `${count} ${terminalText(key)}`).join(', ');
}

function renderFunctions(changes: readonly FunctionChange[]): Line[] {
  const names = changes.map(changedName);
  const width = Math.min(Math.max(0, ...names.map((name) => name.length)), 60);
  return changes.map((change, index) => [
    span(`${INDENT}${padded(CHANGE_WORDS[change.change], 8)} ${padded(names[index] ?? '', width)}  `),
    span(placeText(change), 'dim'),
  ]);
}

function changedName({ name, previousName, kind }: FunctionChange): string {
  const shown = (text: string): string => {
    if (kind === 'function') return `${terminalText(text)}()`;
    return kind === 'macro' || kind === 'variable' ? terminalText(text) : `${kind} ${terminalText(text)}`;
  };
  return previousName === undefined ? shown(name) : `${shown(previousName)} -> ${shown(name)}`;
}

function placeText({ file, before, after, basis }: FunctionChange): string {
  const path = terminalText(file);
  if (basis === 'hunks') return `${path} (by its hunks)`;
  const now = after ?? before;
  const range = now === undefined ? '' : `:${now.startLine}-${now.endLine}`;
  const was =
    after !== undefined && before !== undefined ? `, before ${before.startLine}-${before.endLine}` : '';
  return `${path}${range}${was}`;
}

function personText({ name, address }: Person): string {
  if (address === '') return terminalText(name);
  return name === '' ? terminalText(address) : `${terminalText(name)} <${terminalText(address)}>`;
}
