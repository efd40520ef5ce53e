// SPDX-License-Identifier: GPL-2.0-only
// A mailing list that nobody wrote: series of several versions by many senders, with replies, and which mail belongs
// where. The same seed gives the same list.

const NOUNS =
  'area block page table range walk leaf entry cache flush order batch slot node tree lock zone list pool bucket mask guard fault shrinker folio bitmap cursor window record hash'.split(
    ' ',
  );
const VERBS = 'add drop check move split merge rename track skip limit count batch reuse simplify'.split(' ');
const FOLDERS = 'mm fs net kernel lib block drivers/net arch/arm64/mm arch/x86/mm tools'.split(' ');
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);

/** Numbers from 0 to below 2^32, by mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
  const below = (count) => next() % count;
  return { below, pick: (items) => items[below(items.length)], chance: (percent) => below(100) < percent };
}

function lineOfCode(random) {
  const [one, other] = [random.pick(NOUNS), random.pick(NOUNS)];
  const forms = [
    `\t${one}->nr_${other} += ${random.below(4096)};`,
    `\tif (${one}_${other}(${other}, ${random.below(64)}))`,
    `\t\treturn -${random.pick(['EINVAL', 'ENOMEM', 'EBUSY'])};`,
    `\t${one} = ${other}_${random.pick(NOUNS)}(${one}, &${other});`,
    '',
  ];
  return random.pick(forms);
}

/** Hunks of a big patch: some 300 KB of lines. */
const BIG = 600;

function newPatch(random, { folder, topic, bigPatches }) {
  const [verb, noun, other] = [random.pick(VERBS), random.pick(NOUNS), random.pick(NOUNS)];
  const length = random.chance(bigPatches) ? BIG : 1 + random.below(4);
  const hunks = Array.from({ length }, () => ({
    start: 10 + random.below(3000),
    name: `${topic}_${random.pick(VERBS)}_${random.pick(NOUNS)}`,
    before: Array.from({ length: 3 }, () => lineOfCode(random)),
    removed: Array.from({ length: random.below(4) }, () => lineOfCode(random)),
    added: Array.from({ length: 1 + random.below(12) }, () => lineOfCode(random)),
    after: Array.from({ length: 3 }, () => lineOfCode(random)),
  }));
  return {
    title: `${folder}/${topic}: ${verb} the ${noun} ${other} of ${topic}`,
    file: `${folder}/${topic}.c`,
    hunks,
  };
}

/** What the author makes of a patch for the next version. */
function reworked(random, patch) {
  const hunks = patch.hunks.map((hunk) =>
    random.chance(30) ? { ...hunk, added: [...hunk.added.slice(1), lineOfCode(random)] } : hunk,
  );
  const title = random.chance(10) ? patch.title.replace(/ the /, ' a ') : patch.title;
  return { ...patch, title, hunks };
}

function diffOf({ file, hunks }) {
  const text = hunks.map(({ start, name, before, removed, added, after }) => {
    const [old, now] = [6 + removed.length, 6 + added.length];
    const lines = [
      ...before.map((line) => ` ${line}`),
      ...removed.map((line) => `-${line}`),
      ...added.map((line) => `+${line}`),
      ...after.map((line) => ` ${line}`),
    ];
    return `@@ -${start},${old} +${start},${now} @@ static int ${name}(struct ${name} *p)\n${lines.join('\n')}\n`;
  });
  const [plus, minus] = [
    hunks.reduce((sum, { added }) => sum + added.length, 0),
    hunks.reduce((sum, { removed }) => sum + removed.length, 0),
  ];
  const count = (number, word, sign) =>
    number === 0 ? '' : `, ${number} ${word}${number === 1 ? '' : 's'}(${sign})`;
  const stat = ` ${file} | ${plus + minus} ${'+'.repeat(Math.min(plus, 20))}${'-'.repeat(Math.min(minus, 20))}\n 1 file changed${count(plus, 'insertion', '+')}${count(minus, 'deletion', '-')}\n`;
  return `${stat}\ndiff --git a/${file} b/${file}\nindex 1111111..2222222 100644\n--- a/${file}\n+++ b/${file}\n${text.join('')}-- \n2.39.5\n`;
}

/** The mails of one series: every version with its replies. */
function seriesMails(random, { number, sender, from, bigPatches }) {
  const folder = random.pick(FOLDERS);
  const topic = `${random.pick(NOUNS)}${number}`;
  const title = `${folder}/${topic}: ${random.pick(VERBS)} ${random.pick(NOUNS)}s of ${topic} in ${random.pick(NOUNS)} order`;
  const work = { folder, topic, bigPatches };
  let patches = Array.from({ length: random.chance(40) ? 1 : 2 + random.below(8) }, () =>
    newPatch(random, work),
  );
  const versions = random.chance(50) ? 1 : 2 + random.below(4);
  const mails = [];
  let time = from;
  for (let version = 1; version <= versions; version += 1) {
    const tag = `PATCH${version === 1 ? '' : ` v${version}`}`;
    const id = (index) => `<g${number}.${version}.${index}@example.org>`;
    const total = patches.length;
    const hasCover = total > 1 && !(version === 1 && random.chance(15));
    const add = (index, mail) => mails.push({ series: number, version, index, id: id(index), ...mail });
    if (hasCover) {
      const changes =
        version === 1
          ? ''
          : `\nChanges in v${version}:\n- ${random.pick(VERBS)} the ${random.pick(NOUNS)} (Reviewer A)\n- rebase\n`;
      const body = `This series works on ${topic}. It takes ${10 + random.below(90)} us instead of ${200 + random.below(900)} us.\n${changes}`;
      add(0, { kind: 'cover', from: sender, time, subject: `[${tag} 0/${total}] ${title}`, body });
    }
    const root = hasCover ? 0 : 1;
    for (const [at, patch] of patches.entries()) {
      const index = at + 1;
      const subject = total === 1 ? `[${tag}] ${patch.title}` : `[${tag} ${index}/${total}] ${patch.title}`;
      const body = `The ${topic} needs this, since ${patch.hunks[0].name}() does not.\n\nSigned-off-by: ${sender}\n---\n${diffOf(patch)}`;
      add(index, {
        kind: 'patch',
        from: sender,
        time: time + index * 1000,
        subject,
        body,
        to: index === root ? undefined : id(root),
      });
    }
    for (let reply = 0; reply < random.below(2 + total); reply += 1) {
      const answered = random.pick(
        mails.filter((mail) => mail.version === version && mail.series === number),
      );
      const lines = answered.body.split('\n');
      const end = 4 + random.below(Math.max(1, lines.length - 4));
      const quoted = lines.slice(Math.max(0, end - 30), end).map((line) => `> ${line}`);
      add(`r${reply}`, {
        kind: 'reply',
        from: random.chance(30) ? sender : `Reviewer ${random.below(40)} <reviewer@example.org>`,
        time: time + DAY + reply * 60_000,
        subject: answered.subject.startsWith('Re: ') ? answered.subject : `Re: ${answered.subject}`,
        body: `On Monday, ${answered.from} wrote:\n${quoted.join('\n')}\n\nWhy is this ${random.pick(NOUNS)} needed?\n`,
        to: answered.id,
      });
    }
    patches = patches.map((patch) => reworked(random, patch));
    if (random.chance(20)) patches.push(newPatch(random, work));
    time += DAY * (3 + random.below(10));
  }
  return mails;
}

function textOf({ id, to, from, time, subject, body }) {
  const parent = to === undefined ? '' : `In-Reply-To: ${to}\nReferences: ${to}\n`;
  const date = new Date(time).toUTCString().replace('GMT', '+0000');
  return `Message-ID: ${id}\n${parent}From: ${from}\nDate: ${date}\nSubject: ${subject}\n\n${body}`;
}

/**
 * A list of at least `count` mails by `senders` people, in the order in which they were sent. Each mail is its text
 * with the number of its series, its version and what it is; ids are in angle brackets. `bigPatches` is how many of a
 * hundred patches are very long.
 */
export function generateList({ count, senders, seed, bigPatches = 0 }) {
  const random = randomFrom(seed);
  const mails = [];
  for (let number = 0; mails.length < count; number += 1) {
    const person = random.below(senders);
    const sender = `Author ${person} <author-${person}@example.org>`;
    mails.push(...seriesMails(random, { number, sender, from: START + number * (DAY / 12), bigPatches }));
  }
  mails.sort((left, right) => left.time - right.time);
  return mails.map((mail) => ({
    text: textOf(mail),
    id: mail.id,
    series: mail.series,
    version: mail.version,
    kind: mail.kind,
  }));
}

/** Mails as one mbox of the mboxrd form. */
export function mboxOf(texts) {
  const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
  return texts.map((text) => `${separator}${text.replace(/^(>*From )/gm, '>$1')}\n`).join('');
}
