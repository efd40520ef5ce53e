// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { findCFunctions, findCSymbols } from '../../src/series/c-functions.ts';

const names = (text: string): string[] => findCFunctions(text).map(({ name }) => name);

/** Kind, name and lines of each symbol. */
const outline = (text: string): string[] =>
  findCSymbols(text).map(({ kind, name, startLine, bodyStartLine, endLine }) =>
    [kind, name, `${startLine}/${bodyStartLine}/${endLine}`].join(' '),
  );

describe('findCSymbols', () => {
  test('behind digits that are apart', () => {
    const text =
      "enum limit { LOW = 0b01'10, HIGH = 1'000'000U };\nint f(void)\n{\n\treturn '{' + 1'0;\n}\nint g(void)\n{\n}\n";
    expect(names(text)).toEqual(['f', 'g']);
  });

  test('everything a file can define', () => {
    const text = `/* f(void) { } */
#define TWICE(x) \\
	((x) * 2) /* { */
static int counter = 3, other;
static const struct ops table[] = {
	{ .f = 1 },
};
struct area {
	int a;
} __packed;
enum kind { A, B };
typedef struct { int b; } box_t;
typedef int (*callback)(int);
static DEFINE_SPINLOCK(lock);
static DEFINE_PER_CPU(struct area, areas);
static LIST_HEAD(all);
int prototype(int a);
extern int elsewhere;
EXPORT_SYMBOL(prototype);

static __always_inline int
f(int a,
  const char *s)
{
	return s["}{"] == '{' ? a : '\\'';
}
`;
    expect(outline(text)).toEqual([
      'macro TWICE 2/2/3',
      'variable counter 4/4/4',
      'variable table 5/5/7',
      'struct area 8/8/10',
      'enum kind 11/11/11',
      'struct box_t 12/12/12',
      'typedef callback 13/13/13',
      'variable lock 14/14/14',
      'variable areas 15/15/15',
      'variable all 16/16/16',
      'function f 21/24/26',
    ]);
  });

  test.each([
    ['static struct page *get(int a) { }', 'get'],
    ['static __printf(1, 2) void say(const char *fmt, ...) { }', 'say'],
    ['void unlock(int a) __releases(a) __must_hold(b) { }', 'unlock'],
    ['void *(*pick(int a))(int) { }', 'pick'],
    ['SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len, int, b) { }', 'sys_madvise'],
    ['COMPAT_SYSCALL_DEFINE1(x, int, a) { }', 'compat_sys_x'],
    ['static DEFINE_IDTENTRY(exc_fault) { }', 'exc_fault'],
    ['__setup("a=", f) static int g(char *s) { }', 'g'],
    ['int __init __weak h(void) { }', 'h'],
    ['__attribute__((noinline)) int k(void) { }', 'k'],
    ['unsigned long __vmap(void) __attribute__((pure)) { }', '__vmap'],
  ])('%s', (text, name) => {
    expect(names(text)).toEqual([name]);
  });

  test('conditionals: whole branches both count, broken ones once', () => {
    const text = `#ifdef A
int f(int a)
{
#else
int f(void)
{
#endif
	return 0;
}
#if B
int g(void) { return 1; }
#else
int g(void) { return 2; }
#endif
int h(void)
{
#ifdef C
	if (x) {
#elif D
	if (y) {
#else
	{
#endif
	}
	return 0;
}
int last(void) { return 0; }
`;
    expect(names(text)).toEqual(['f', 'g', 'g', 'h', 'last']);
  });

  test('comments and white space do not change the hash, other things do', () => {
    const hashOf = (text: string): string | undefined => findCFunctions(text)[0]?.hash;
    const plain = hashOf('int f(void) { return 1; }');
    expect(hashOf('int f(void)\n{\n\t/* one */\n\treturn 1; // two\n}')).toBe(plain);
    expect(hashOf('int f(void) { return 2; }')).not.toBe(plain);
    expect(hashOf('long f(void) { return 1; }')).not.toBe(plain);
  });

  test('text that is not C', () => {
    for (const text of [
      '',
      '}',
      '}}}{{{',
      '#',
      '#define',
      '/*',
      '"',
      "'",
      '\\',
      'int f(',
      '#else\n#endif\n#endif',
    ]) {
      expect(() => findCSymbols(text)).not.toThrow();
    }
    expect(names(`} } int f(void) { }`)).toEqual(['f']);
  });
});

describe.each(['6.1', '6.12'] as const)('mm/vmalloc.c of Linux %s', (version) => {
  const tree = cachedKernel(version);

  // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
  test.skipIf(tree === undefined && process.env['CI'] === undefined)(
    'each function once, with a whole body',
    () => {
      const text = readFileSync(join(tree ?? '', 'mm/vmalloc.c'), 'utf8');
      const lines = text.split('\n');
      const functions = findCFunctions(text);
      expect(functions.length).toBeGreaterThan(130);
      for (const { name, startLine, endLine, signature } of functions) {
        expect(signature).toContain(`${name}(`);
        expect(lines[endLine - 1]).toMatch(/\}/);
        expect(lines.slice(startLine - 1, endLine).join('\n')).toContain(name);
      }
      // A line that is only a closing brace in the first column ends a function, a struct or a table.
      const ends = new Set(findCSymbols(text).map(({ endLine }) => endLine));
      const closing = lines.flatMap((line, index) => (line === '}' ? [index + 1] : []));
      expect(closing.filter((line) => !ends.has(line))).toEqual([]);
    },
  );
});
