// SPDX-License-Identifier: GPL-2.0-only

import { beforeAll, expect, test } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { readSources } from '../../src/ingest/read-sources.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { matchPatches } from '../../src/series/match-patches.ts';
import type { Patch } from '../../src/series/series.ts';
import { titleSimilarity, titleWords } from '../../src/series/subject.ts';
import { git, makeTemporaryFolder } from '../ingest/git-fixture.ts';

const SERIES = 10;
const FILES = 3;
const FUNCTIONS = 12;

/** Lines put into one function of a file. */
interface Edit {
  readonly file: number;
  readonly at: number;
  readonly lines: readonly string[];
}

interface MadePatch {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** The lines of a function, by file and function. */
type Source = string[][][];

function baseSource(): Source {
  return Array.from({ length: FILES }, (_, file) =>
    Array.from({ length: FUNCTIONS }, (__, at) => [
      `int fn${file}_${at}(int a)`,
      '{',
      ...Array.from({ length: 8 }, (___, step) => `\tstep_${file}_${at}_${step}(a);`),
      '\treturn a;',
      '}',
      '',
    ]),
  );
}

class Author {
  readonly #random: Prng;
  #count = 0;

  constructor(seed: number) {
    this.#random = new Prng(seed);
  }

  #below(limit: number): number {
    return this.#random.below(limit);
  }

  #newLine(): string {
    this.#count += 1;
    return `\tnew_${this.#count}(a + ${this.#below(99)});`;
  }

  #newPatch(): MadePatch {
    const edits = Array.from({ length: 1 + this.#below(3) }, () => ({
      file: this.#below(FILES),
      at: this.#below(FUNCTIONS),
      lines: Array.from({ length: 1 + this.#below(6) }, () => this.#newLine()),
    }));
    this.#count += 1;
    return { title: `mm: teach area ${this.#count} to walk`, edits };
  }

  first(): MadePatch[] {
    return Array.from({ length: 3 + this.#below(6) }, () => this.#newPatch());
  }

  /** What the author makes of a patch for the next version: little, another title, or all of it anew. */
  #rework({ title, edits }: MadePatch): MadePatch {
    const anew = this.#below(100) < 15;
    return {
      title: this.#below(100) < 30 ? title.replace('teach', 'let').replace(' to', '') : title,
      edits: edits.map((edit) => ({
        ...edit,
        lines: edit.lines.map((line) => (anew || this.#below(100) < 10 ? this.#newLine() : line)),
      })),
    };
  }

  /** Patches are dropped, reworked, added, swapped and squashed. */
  next(patches: readonly MadePatch[]): MadePatch[] {
    const kept = patches.filter(() => this.#below(100) >= 15).map((patch) => this.#rework(patch));
    if (this.#below(2) === 0) kept.splice(this.#below(kept.length + 1), 0, this.#newPatch());
    const at = this.#below(Math.max(1, kept.length - 1));
    const [one, other] = kept.slice(at, at + 2);
    if (one === undefined || other === undefined) return kept;
    const last = this.#below(2) === 0 ? [other, one] : [{ ...one, edits: [...one.edits, ...other.edits] }];
    kept.splice(at, 2, ...last);
    return kept;
  }
}

function commitStream(branch: string, patches: readonly MadePatch[]): string {
  const source = baseSource();
  const who = 'A <a@example.org> 1775556000 +0000';
  const commit = (title: string, from: string): string => {
    const message = `${title}\n\nBecause.\n`;
    const files = source.map((functions, file) => {
      const text = `${functions.flat().join('\n')}\n`;
      return `M 100644 inline mm/f${file}.c\ndata ${text.length}\n${text}\n`;
    });
    return `commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}${from}${files.join('')}\n`;
  };
  const start = `reset refs/heads/${branch}\nfrom refs/heads/main\n\n`;
  const commits = patches.map(({ title, edits }) => {
    for (const { file, at, lines } of edits) source[file]![at]!.splice(2, 0, ...lines);
    return commit(title, '');
  });
  return branch === 'main' ? commit('base', '') : `${start}${commits.join('')}`;
}

let repository = '';

beforeAll(() => {
  repository = makeTemporaryFolder();
  git(repository, ['init', '-q', '-b', 'main']);
  const branches = Array.from({ length: SERIES }, (_, number) => {
    const author = new Author(number + 1);
    const first = author.first();
    return `${commitStream(`s${number}-v1`, first)}${commitStream(`s${number}-v2`, author.next(first))}`;
  });
  git(repository, ['fast-import', '--quiet'], `${commitStream('main', [])}${branches.join('')}done\n`);
});

/** `1-2` for patch 1 that became patch 2. */
function pairsOfGit(number: number): string[] {
  const ranges = [`main..s${number}-v1`, `main..s${number}-v2`];
  const said = git(repository, ['range-diff', '--no-color', '-s', ...ranges]);
  return [...said.matchAll(/^ *(\d{1,4}): +\S+ [=!] +(\d{1,4}):/gm)].map(
    ([, before, after]) => `${before}-${after}`,
  );
}

async function patchesOf(branch: string): Promise<readonly Patch[]> {
  const { value } = await readSources([`${repository}@main..${branch}`]);
  return assembleSeries(value).value[0]?.versions[0]?.patches ?? [];
}

const titlesAlike = (before: Patch | undefined, after: Patch | undefined): number =>
  titleSimilarity(titleWords(before?.subject ?? ''), titleWords(after?.subject ?? ''));

test('patches of two versions are paired as git range-diff pairs them, but where a title says more', async () => {
  const pairs = { ofGit: 0, ofBoth: 0 };
  for (let number = 0; number < SERIES; number += 1) {
    const [before, after] = [await patchesOf(`s${number}-v1`), await patchesOf(`s${number}-v2`)];
    const ours = matchPatches(before, after);
    const theirs = pairsOfGit(number);
    const others = new Set(theirs);
    pairs.ofGit += theirs.length;
    for (const pair of ours) {
      const name = `${pair.before.index}-${pair.after.index}`;
      if (others.delete(name)) pairs.ofBoth += 1;
      // Written anew under its title: git takes it for one patch dropped and one added.
      else expect(titlesAlike(pair.before, pair.after)).toBeGreaterThanOrEqual(0.5);
    }
    for (const name of others) {
      const [old, now] = name.split('-').map((index) => Number(index));
      const [left, right] = [before[old! - 1], after[now! - 1]];
      // Two patches squashed into one: it is that one of which it bears the title.
      const instead = ours.filter((pair) => pair.before === left || pair.after === right);
      const better = instead.map((pair) => titlesAlike(pair.before, pair.after));
      expect(Math.max(0, ...better)).toBeGreaterThan(titlesAlike(left, right));
    }
  }
  expect(pairs.ofGit).toBeGreaterThan(2 * SERIES);
  expect(pairs.ofBoth / pairs.ofGit).toBeGreaterThan(0.9);
});
