// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rules of docs/style.md that no other tool holds. Each test lists every place that breaks its rule. */

const root = join(import.meta.dirname, '../..');
const CODE = new Set(['.ts', '.tsx', '.js', '.mjs', '.cjs']);
const TEXT = new Set([...CODE, '.json', '.md', '.yml', '.yaml', '.html', '.css', '.sh', '']);
/** Embedded trees and patches are input, and expected output is what it is. */
const INPUT = /^(?:fixtures|patches)\/|\/(?:golden|fixtures?)\//;
const MAX_LINES = 400;

/** What is committed, and what will be: files that git neither tracks nor ignores count too. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
})
  .toString('utf8')
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const own = files.filter((file) => !INPUT.test(file) && file !== 'LICENSE' && file !== 'package-lock.json');
const code = own.filter((file) => CODE.has(extname(file)));
const text = own.filter((file) => TEXT.has(extname(file)));

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** `file:line: text` for every line of `among` that matches. */
function placesOf(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('tidy', () => {
  it('every source file states its licence in the first line', () => {
    const stated = /^(?:#!.*\n)?\/\/ SPDX-License-Identifier: GPL-2\.0-only\n/;
    expect(code.filter((file) => !stated.test(read(file)))).toEqual([]);
  });

  it('the package and LICENSE agree on GPL-2.0-only', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ license: 'GPL-2.0-only' });
    expect(read('LICENSE')).toContain('Version 2, June 1991');
  });

  it('no file and no folder is named after nothing', () => {
    const empty = new Set([
      'utils',
      'util',
      'common',
      'helpers',
      'helper',
      'types',
      'manager',
      'handler',
      'info',
      'data',
    ]);
    const names = (file: string): string[] => [
      ...dirname(file).split('/'),
      ...basename(file, extname(file)).split('.'),
    ];
    // The model's files have the kernel's names: mm/util.c is one of them.
    const named = own.filter((file) => !file.startsWith('src/model/'));
    expect(named.filter((file) => names(file).some((name) => empty.has(name)))).toEqual([]);
  });

  it('only faces read the clock or roll dice', () => {
    const among = code.filter((file) => file.startsWith('src/') && !file.startsWith('src/faces/'));
    expect(placesOf(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b/, among)).toEqual([]);
  });

  it('no barrel: a name is imported from the file that has it', () => {
    const among = code.filter((file) => file.startsWith('src/'));
    expect(placesOf(/^export (?:type )?(?:\*|\{[^}]*\}) (?:as \w+ )?from /, among)).toEqual([]);
    expect(among.filter((file) => basename(file).startsWith('index.'))).toEqual([]);
  });

  it(`no source file is longer than ${MAX_LINES} lines`, () => {
    const lengths = code.map((file) => ({ file, lines: read(file).split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });

  it('nothing is left for later in a comment, and no test is switched off', () => {
    // Braces keep the words from matching here.
    expect(placesOf(/\b(?:TO{1}DO|FIX{1}ME|XX{2}|HA{1}CK)\b/, text)).toEqual([]);
    const tests = code.filter((file) => file.startsWith('test/'));
    expect(placesOf(/\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b(?!If)/, tests)).toEqual([]);
  });

  it('nothing depends on where it was written', () => {
    expect(placesOf(/(?<![\w.~$}*-])\/(?:home|root|Users|work|workspace)\//, text)).toEqual([]);
  });

  it('links lead to documents, not to places to download from', () => {
    const known =
      /^(?:[\w-]+\.)*(?:kernel\.org|example\.(?:org|com)|json\.schemastore\.org|json-schema\.org|oasis-open\.org|w3\.org|ietf\.org|rfc-editor\.org|spdx\.org|git-scm\.com|arm\.com|github\.com)$/;
    const foreign = text.flatMap((file) =>
      [...read(file).matchAll(/\bhttps?:\/\/([\w.-]+)/g)].flatMap(([url, host = '']) =>
        known.test(host) ? [] : [`${file}: ${url}`],
      ),
    );
    expect(foreign).toEqual([]);
  });

  it('relative links of the documentation lead somewhere', () => {
    const broken = files
      .filter((file) => extname(file) === '.md')
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)[^)]*\)/g)]
          .map(([, target = '']) => target)
          .filter((target) => !existsSync(join(root, dirname(file), decodeURIComponent(target))))
          .map((target) => `${file}: ${target}`),
      );
    expect(broken).toEqual([]);
  });
});
