// SPDX-License-Identifier: GPL-2.0-only

import { matrixPicture, tablePicture } from './digest-pictures.ts';
import { changeItems } from './digest-changes-words.ts';
import { restText, styleOf } from './digest-summary-text.ts';
import type { Digest, DigestEntry, DigestRun } from './digest-schema.ts';
import {
  changeText,
  claimOutcome,
  findingText,
  mailLink,
  MODEL_NOTE,
  newsText,
  noFindingText,
  oneLine,
  periodText,
  postedText,
  questionPlace,
  titleOf,
  totalsText,
  trailersText,
  waitsText,
} from './digest-words.ts';
import { storyOfPlace } from './finding-text.ts';
import { escaped } from './html-text.ts';

/** Most findings with their command; the others are counted. */
const MOST_FINDINGS = 5;

/** Entries of the summary that stand open: a desk's screen, and two of a phone. */
const SUMMARY = 20;

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --bad: #c62828; --warn: #a15c00; --good: #2e7d32; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --warn: #ffcc80; --good: #a5d6a7; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin: 0 0 .3rem; } h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
p { margin: .3rem 0; } ul, ol { margin: .3rem 0; padding-left: 1.4rem; }
blockquote { margin: .3rem 0; padding-left: .7rem; border-left: 3px solid var(--line); }
pre { background: var(--soft); padding: .5rem; white-space: pre-wrap; font-size: .8rem; }
pre span { display: inline-block; max-width: 100%; }
.wide { overflow-x: auto; } .soft { opacity: .75; } .waits { font-weight: 600; } .bad { color: var(--bad); } .warn { color: var(--warn); }
.summary li { margin: .35rem 0; padding-left: .3rem; } .why { display: block; } summary { cursor: pointer; margin: .5rem 0; }
svg { display: block; font: 13px system-ui, sans-serif; fill: currentColor; }
svg .code { font: 11px ui-monospace, monospace; } svg .head, svg .mark { font-weight: 600; }
rect.holds { fill: var(--good); fill-opacity: .22; } rect.violated { fill: var(--bad); fill-opacity: .32; }
rect.changed { fill: var(--warn); fill-opacity: .25; }
rect.not-reached, rect.not-modelled, rect.not-run { fill: currentColor; fill-opacity: .12; }
@media (min-width: 50rem) {
  body { padding: 2rem; } .summary li { margin: .2rem 0; }
  .summary a { display: inline-block; width: 60%; vertical-align: top; }
  .why { display: inline-block; width: 38%; vertical-align: top; }
}
`;

/** A digest as one HTML file without scripts, and without anything to load. */
export function renderDigestHtml(digest: Digest): string {
  const title = `${digest.sources.map(oneLine).join(', ')}: ${periodText(digest)}`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(totalsText(digest))}</p>
${summaryList(digest)}
${digest.series.map((entry, index) => `<section id="s${index + 1}">\n${entryHtml(entry, `${index + 1}. `)}\n</section>`).join('\n')}
<p class="soft">${escaped(MODEL_NOTE)}</p>
</body>
</html>
`;
}

function summaryList({ series }: Digest): string {
  if (series.length === 0) return '<p>Nothing new.</p>';
  const items = series.map(summaryItem);
  const [shown, others] = [items.slice(0, SUMMARY), items.slice(SUMMARY)];
  const first = `<ol class="summary">\n${shown.join('\n')}\n</ol>`;
  if (others.length === 0) return first;
  const rest = `<ol class="summary" start="${SUMMARY + 1}">\n${others.join('\n')}\n</ol>`;
  return `${first}\n<details><summary>${escaped(restText(series.slice(SUMMARY)))}</summary>\n${rest}\n</details>`;
}

/** The title, and why it stands where it stands: beside it where there is room. */
function summaryItem(entry: DigestEntry, index: number): string {
  const title = `<a href="#s${index + 1}">${escaped(titleOf(entry))}</a>`;
  const style = styleOf(entry);
  const why = escaped(entry.attention.join(', '));
  return `<li>${title} <span class="why ${style === 'dim' ? 'soft' : style}">${why}</span></li>`;
}

/** One series, without an element around it: what a page and a feed have in common. */
export function entryHtml(entry: DigestEntry, number = ''): string {
  const title = escaped(`${number}${titleOf(entry)}`);
  const parts = [
    `<h2>${entry.id === '' ? title : `<a href="${escaped(mailLink(entry.id))}">${title}</a>`}</h2>`,
    `<p>${escaped(postedText(entry))}</p>`,
    `<p>New: ${escaped(newsText(entry))}</p>`,
    `<p class="waits">It ${escaped(waitsText(entry))}</p>`,
    `<p>${escaped(trailersText(entry))}</p>`,
    ...changesHtml(entry),
    ...questionsHtml(entry),
    ...runHtml(entry.run),
    ...claimsHtml(entry),
  ];
  return parts.join('\n');
}

function listOf(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
}

function changesHtml({ changes }: DigestEntry): string[] {
  if (changes === null) return [];
  const items = changeItems(changes).map(({ text, style }) =>
    style === undefined
      ? escaped(text)
      : `<span class="${style === 'warn' ? 'warn' : 'soft'}">${escaped(text)}</span>`,
  );
  return [`<h3>What changed from ${escaped(changes.from)} to ${escaped(changes.to)}</h3>`, listOf(items)];
}

function questionsHtml({ state: { questions } }: DigestEntry): string[] {
  if (questions.length === 0) return [];
  const items = questions.map((question) => {
    const place = escaped(questionPlace(question));
    const linked =
      question.messageId === undefined
        ? place
        : `<a href="${escaped(mailLink(question.messageId))}">${place}</a>`;
    return `${linked}<blockquote>${escaped(oneLine(question.text))}</blockquote>`;
  });
  return ['<h3>Open questions</h3>', listOf(items)];
}

function runHtml(run: DigestEntry['run']): string[] {
  if ('skipped' in run) return [`<p class="soft">Not run: ${escaped(oneLine(run.skipped))}</p>`];
  const { findings, changes, notRun, drawing } = run;
  const left = findings.length - MOST_FINDINGS;
  const matrix = matrixPicture(run);
  return [
    '<h3>What running it shows</h3>',
    `<p class="soft">${escaped(ranText(run))}</p>`,
    ...(matrix === '' ? [] : [`<div class="wide">${matrix}</div>`]),
    findings.length === 0
      ? `<p>${noFindingText(run)}</p>`
      : listOf(findings.slice(0, MOST_FINDINGS).map(findingHtml)),
    ...(left > 0 ? [`<p>and ${left} more</p>`] : []),
    ...(changes.length === 0 ? [] : [listOf(changes.map((change) => escaped(changeText(change))))]),
    ...(drawing === undefined
      ? []
      : [
          '<h3>The page table around the first finding</h3>',
          `<div class="wide">${tablePicture(drawing)}</div>`,
        ]),
    ...notRun.map((text) => `<p class="warn">Not run: ${escaped(oneLine(text))}</p>`),
  ];
}

function ranText({ states, machines, tree }: DigestRun): string {
  return `${states.done} of ${states.total} states on ${machines.join(', ')}; tree ${oneLine(tree)}`;
}

function findingHtml(finding: DigestRun['findings'][number]): string {
  const { severity, expected, seen, where, replay } = finding;
  return (
    `<strong class="bad">${severity}</strong>: ${escaped(findingText(finding))}<br>` +
    `at ${escaped(oneLine(where.file))}:${where.line} in ${escaped(oneLine(where.function))}()<br>` +
    storyOfPlace(finding)
      .map(([label, text]) => `${escaped(oneLine(`${label} ${text}`))}<br>`)
      .join('') +
    `expected ${escaped(oneLine(expected))}<br>seen ${escaped(oneLine(seen))}<pre>${commandHtml(oneLine(replay))}</pre>`
  );
}

/** Each word stays whole where it fits on a line: a browser would break after any hyphen. */
function commandHtml(command: string): string {
  return command
    .split(' ')
    .map((word) => `<span>${escaped(word)}</span>`)
    .join(' ');
}

function claimsHtml({ claims }: DigestEntry): string[] {
  if (claims.length === 0) return [];
  const items = claims.map((claim) => {
    const kind = claim.outcome === 'differs' ? 'bad' : 'soft';
    return `${escaped(oneLine(claim.text))}<br><span class="${kind}">${escaped(claimOutcome(claim))}</span>`;
  });
  return ['<h3>Claims</h3>', listOf(items)];
}
