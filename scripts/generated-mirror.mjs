// SPDX-License-Identifier: GPL-2.0-only
// A mirror of a list as such lists are: the series of generated-list.mjs, sent in every encoding, among the reports of
// robots, notes about patches that were taken, pull requests, mails sent to two lists, mails without id or date, and
// spam. The same seed gives the same mirror.
import { generateList, randomFrom } from './generated-list.mjs';

/** Percent of patches that some other mail speaks of. */
const ROBOT = 4;
const TAKEN = 6;
const SUGGESTION = 2;
/** Percent of all mails. */
const COPY = 3;
const STRAY = 5;

/** Headers by name, and the body, of a generated mail. */
function partsOf(text) {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const header = (name) => headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return { headers, header, body: text.slice(end + 2) };
}

function mailOf(headers, body) {
  return `${headers.filter((line) => line !== undefined).join('\n')}\n\n${body}`;
}

const base64Of = (text) =>
  `${Buffer.from(text)
    .toString('base64')
    .replace(/(.{76})(?=.)/g, '$1\n')}\n`;

function quotedPrintableOf(text) {
  const escaped = text.replace(
    /[^\t\n -<>-~]|[ \t]$/gm,
    (found) =>
      `=${Buffer.from(found)
        .toString('hex')
        .toUpperCase()
        .replace(/(..)(?=.)/g, '$1=')}`,
  );
  return escaped.replace(/^((?:=..|[^=\n]){70,73})(?=(?:=..|[^=\n]){4})/gm, '$1=\n');
}

const htmlOf = (text) =>
  `<html><body><pre>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre></body></html>\n`;

/** How a mail program may send a text: its MIME headers and what stands in the body. */
const FORMS = {
  plain: (text) => ({ headers: [], body: text }),
  base64: (text) => ({
    headers: ['Content-Type: text/plain; charset="utf-8"', 'Content-Transfer-Encoding: base64'],
    body: base64Of(text),
  }),
  quoted: (text) => ({
    headers: ['Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: quoted-printable'],
    body: quotedPrintableOf(text),
  }),
  latin: (text) => ({ headers: ['Content-Type: text/plain; charset=iso-8859-1'], body: text }),
  html: (text) => ({
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary="=-html"'],
    body: `--=-html\nContent-Type: text/plain; charset=utf-8\n\n${text}\n--=-html\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64Of(htmlOf(text))}--=-html--\n`,
  }),
  signed: (text) => ({
    headers: ['MIME-Version: 1.0', 'Content-Type: multipart/signed; boundary="=-sig"; micalg=pgp-sha512'],
    body: `--=-sig\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintableOf(text)}\n--=-sig\nContent-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0\n-----END PGP SIGNATURE-----\n--=-sig--\n`,
  }),
};

/** What the servers on the way add: half of an archived mail's headers. */
function wayOf(random, id) {
  const hops = Array.from(
    { length: 2 + random.below(3) },
    (_, hop) =>
      `Received: from host${random.below(99)}.example.org (host${hop}.example.org [192.0.2.${random.below(255)}])\n\tby list.example.org (Postfix) with ESMTPS id ${random.below(1e9).toString(36)}\n\tfor <linux-mm@list.example.org>; Mon,  5 Jan 2026 10:00:00 +0000 (UTC)`,
  );
  return [
    ...hops,
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=2026;\n\th=from:to:cc:date:message-id:subject:mime-version; bh=${base64Of(id).slice(0, 43)}=;\n\tb=${base64Of(
      id + id,
    )
      .trim()
      .replaceAll('\n', '\n\t ')}`,
    'To: linux-mm@list.example.org',
    `Cc: ${Array.from({ length: 6 }, () => `Reviewer ${random.below(40)} <reviewer@example.org>`).join(',\n\t')}`,
    'List-Id: <linux-mm.list.example.org>',
    'Precedence: bulk',
  ];
}

function sent(random, mail) {
  const { headers, header, body } = partsOf(mail.text);
  const isPlain = /^[\t\n -~]*$/.test(body);
  const odd = ['base64', 'quoted', 'html', 'signed', ...(isPlain ? ['latin'] : [])];
  const form = FORMS[random.chance(75) ? 'plain' : random.pick(odd)](body);
  const way = wayOf(random, header('Message-ID') ?? '');
  return { ...mail, text: mailOf([...way, ...headers, ...form.headers], form.body) };
}

/** A robot's answer to a patch: it quotes the title, and lists warnings. */
function robotReport(number, mail) {
  const { header } = partsOf(mail.text);
  const id = `<robot-${number}@example.org>`;
  const subject = header('Subject');
  const lines = Array.from(
    { length: 12 },
    (_, line) => `   mm/area.c:${100 + line}: warning: no previous prototype for 'area_${line}'`,
  );
  const text = mailOf(
    [
      `Message-ID: ${id}`,
      `In-Reply-To: ${mail.id}`,
      `References: ${mail.id}`,
      'From: kernel test robot <robot@example.org>',
      `Date: ${header('Date')}`,
      `Subject: Re: ${subject}`,
    ],
    `Hi Author,\n\nkernel test robot noticed the following build warnings:\n\n${lines.join('\n')}\n\n-- \n0-DAY CI\n`,
  );
  return { text, id, series: mail.series, version: mail.version, kind: 'reply' };
}

/** A maintainer's note that a patch was taken, with the whole patch in it; it answers nothing. */
function takenNote(number, mail, random) {
  const { header, body } = partsOf(mail.text);
  const id = `<taken-${number}@example.org>`;
  const title = header('Subject').replace(/^\[[^\]]*\] /, '');
  const name = title.replace(/[^a-z0-9]+/g, '-');
  const subject = random.pick([
    `+ ${name}.patch added to mm-unstable branch`,
    `[merged mm-stable] ${name}.patch removed from -mm tree`,
    `[to-be-updated] ${name}.patch removed from -mm tree`,
  ]);
  const text = mailOf(
    [
      `Message-ID: ${id}`,
      'From: Maintainer <maintainer@example.org>',
      `Date: ${header('Date')}`,
      'To: mm-commits@list.example.org',
      `Subject: ${subject}`,
    ],
    `\nThe patch titled\n     Subject: ${title}\nhas been added to the mm-unstable branch. Its filename is\n     ${name}.patch\n\n------------------------------------------------------\nFrom: ${header('From')}\nSubject: ${title}\nDate: ${header('Date')}\n\n${body}_\n\nPatches currently in the tree which might be from the author are\n\n${name}.patch\n`,
  );
  return { text, id, kind: 'other' };
}

/** What a reviewer would rather have, as a patch below a patch. */
function suggestion(number, mail) {
  const { header, body } = partsOf(mail.text);
  const id = `<rather-${number}@example.org>`;
  const diff = body.slice(Math.max(0, body.indexOf('diff --git ')));
  const text = mailOf(
    [
      `Message-ID: ${id}`,
      `In-Reply-To: ${mail.id}`,
      'From: Reviewer 7 <reviewer@example.org>',
      `Date: ${header('Date')}`,
      `Subject: Re: ${header('Subject')}`,
    ],
    `How about this on top?\n\n${diff}`,
  );
  return { text, id, series: mail.series, version: mail.version, kind: 'reply' };
}

/** Mails that belong to no series. */
const STRAYS = {
  syzbot: (id) =>
    mailOf(
      [
        `Message-ID: ${id}`,
        'From: syzbot <syzbot@example.org>',
        'Date: Mon, 12 Jan 2026 08:00:00 -0800',
        'Subject: [syzbot] [mm?] KASAN: slab-use-after-free Read in area_walk',
      ],
      `Hello,\n\nsyzbot found the following issue on:\n\nHEAD commit: 0123456789ab\n\n${'Call Trace:\n area_walk+0x10/0x20 mm/area.c:10\n'.repeat(40)}`,
    ),
  pull: (id) =>
    mailOf(
      [
        `Message-ID: ${id}`,
        'From: Maintainer <maintainer@example.org>',
        'Date: Mon, 12 Jan 2026 08:00:00 -0800',
        'Subject: [GIT PULL] MM updates for next',
      ],
      `Please pull.\n\nThe following changes since commit 0123456789ab:\n\n  git://example.org/mm tags/mm-next\n\n mm/area.c | 10 +++++-----\n 1 file changed, 5 insertions(+), 5 deletions(-)\n`,
    ),
  spam: () =>
    mailOf(
      [
        'From: =?gb2312?B?w7/I1Q==?= <nobody@example.org>',
        'Subject: =?utf-8?Q?Win_=E2=82=AC?= now',
        'Content-Type: text/html; charset=gb2312',
        'Content-Transfer-Encoding: base64',
      ],
      base64Of('<html><body><p>Click <a href="https://example.org">here</a></p></body></html>'),
    ),
  undated: (id) =>
    mailOf(
      [`Message-ID: ${id}`, 'From: someone', 'Date: next week', 'Subject: a question'],
      'How are pages mapped?\n',
    ),
  broken: () => 'Subject: no colon follows\nthis line is no header\n\n',
};

/**
 * A mirror of about `count` mails, in the order in which they came. Beside a list's fields, `kind` may be `other`, which belongs to
 * no series, or `copy`, which is the mail before it once more.
 */
export function generateMirror({ count, senders, seed }) {
  const random = randomFrom(seed + 1000);
  const list = generateList({ count: Math.round(count * 0.84), senders, seed, bigPatches: 1 });
  const mirror = [];
  for (const [number, mail] of list.entries()) {
    const written = sent(random, mail);
    mirror.push(written);
    if (random.chance(COPY)) mirror.push({ ...written, kind: 'copy' });
    if (random.chance(STRAY)) {
      const id = `<stray-${number}@example.org>`;
      mirror.push({ text: random.pick(Object.values(STRAYS))(id), id, kind: 'other' });
    }
    if (mail.kind !== 'patch') continue;
    if (random.chance(ROBOT)) mirror.push(robotReport(number, mail));
    if (random.chance(TAKEN)) mirror.push(takenNote(number, mail, random));
    if (random.chance(SUGGESTION)) mirror.push(suggestion(number, mail));
  }
  return mirror;
}
