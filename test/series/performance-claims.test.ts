// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assembleSeries } from '../../src/series/assemble.ts';
import { claimsOfVersion, readPerformanceClaims } from '../../src/series/performance-claims.ts';
import { PerformanceClaim } from '../../src/series/series.ts';
import { mailOf, patchBody, postingOf } from './mail-fixture.ts';

/** The claims of a text without their quotes, which have a test of their own. */
function claimsIn(text: string): Partial<PerformanceClaim>[] {
  return readPerformanceClaims(text, 1).map((claim) => {
    expect(PerformanceClaim.parse(claim)).toEqual(claim);
    const figures: Partial<PerformanceClaim> = { ...claim };
    for (const quoted of ['text', 'lead', 'table'] as const) delete figures[quoted];
    return figures;
  });
}

describe('sentences', () => {
  test.each([
    [
      'It is 8.3x faster (1235 us -> 149 us).',
      { before: 1235, after: 149, unit: 'us', ratio: 8.289, factor: 8.3 },
    ],
    ['latency => 5.00 usecs → 3.53us', { before: 5, after: 3.53, unit: 'us', ratio: 1.416 }],
    [
      'The time drops from 1,257 ms to 838 ms (-33%).',
      { before: 1257, after: 838, unit: 'ms', ratio: 1.5, percent: -33 },
    ],
    ['Bandwidth: 1.5 GB/s -> 3 GB/s', { before: 1.5, after: 3, unit: 'GB/s', ratio: 0.5 }],
    ['It needs 11 ms before and 6 ms after.', { before: 11, after: 6, unit: 'ms', ratio: 1.833 }],
    ['The loop is 5 times faster.', { factor: 5 }],
    ['Throughput improves by 43%.', { percent: 43 }],
    ['misses go down by a factor of 6', { factor: 6, measure: 'misses' }],
    ['2.2% fewer cycles', { percent: 2.2, measure: 'cycles' }],
  ])('%s', (text, expected) => {
    expect(claimsIn(text)).toMatchObject([{ line: 1, ...expected }]);
  });

  test.each([
    'Use 0x10 pages of 16x16, order 3 -> 4.',
    'map = x->y; v3 -> v4 in patch 3 -> 4',
    'vmap is under 1% of kernel time',
    'Linux 6.12 on arm64 with 4K pages',
    ' mm/vmalloc.c | 247 +++++++++++++++++++++++++------',
    'so that 100% of the tests pass',
  ])('no claim: %s', (text) => {
    expect(claimsIn(text)).toEqual([]);
  });

  test('a factor that disagrees with its figures is kept as stated, beside the computed ratio', () => {
    expect(claimsIn('It is 20x faster (100 ns -> 50 ns).')).toMatchObject([{ ratio: 2, factor: 20 }]);
    expect(claimsIn('It is 20x faster. It was slow: 100 ns -> 50 ns.')).toHaveLength(2);
  });

  test('workload, quantity and machine as the sentence says them', () => {
    const text =
      'A 6x reduction in dTLB misses for a `make test` (of tools), from 45600 to\n6500 and a 2.2% reduction in cycles on a 2-node POWER9.';
    expect(claimsIn(text)).toEqual([
      {
        line: 1,
        workload: '`make test` (of tools)',
        measure: 'dTLB misses',
        machine: '2-node POWER9',
        before: 45600,
        after: 6500,
        ratio: 7.015,
        factor: 6,
      },
      { line: 2, measure: 'cycles', machine: '2-node POWER9', percent: 2.2 },
    ]);
  });

  test('a list under the sentence that names the machine', () => {
    const text = `On a Board-1 (arm64, 8 cores), pinned to one core:

* ioremap(1 MB): 1.35x faster (3407 ns -> 2526 ns)
* vmap(100MB) with
  order-8 pages: 8.3x faster
`;
    const machine = 'Board-1 (arm64, 8 cores), pinned to one core';
    expect(claimsIn(text)).toMatchObject([
      { line: 3, workload: 'ioremap(1 MB)', machine, factor: 1.35 },
      { line: 5, workload: 'vmap(100MB) with order-8 pages', machine, factor: 8.3 },
    ]);
    expect(readPerformanceClaims(text, 1)[0]).toMatchObject({
      text: 'ioremap(1 MB): 1.35x faster (3407 ns -> 2526 ns)',
      lead: 'On a Board-1 (arm64, 8 cores), pinned to one core:',
    });
  });

  test('figures in lists of one length', () => {
    const text =
      'In ns for each, on 1, 2 and 4 threads: 14700, 33600 and 49500 before; 2900, 3000, 2800 after.';
    expect(claimsIn(text)).toEqual([
      { line: 1, workload: 'threads 1', unit: 'ns', before: 14700, after: 2900, ratio: 5.069 },
      { line: 1, workload: 'threads 2', unit: 'ns', before: 33600, after: 3000, ratio: 11.2 },
      { line: 1, workload: 'threads 4', unit: 'ns', before: 49500, after: 2800, ratio: 17.68 },
    ]);
  });
});

describe('tables', () => {
  const rows = [
    {
      line: 3,
      workload: 'threads 1',
      unit: 'ns',
      per: 'map and unmap',
      before: 147,
      after: 29,
      ratio: 5.069,
    },
    {
      line: 4,
      workload: 'threads 8',
      unit: 'ns',
      per: 'map and unmap',
      before: 706,
      after: 29,
      ratio: 24.34,
    },
  ];
  const lead = 'Results are in ns per map and unmap.\n';

  test('columns before and after, with tabs, gaps, or single spaces', () => {
    expect(claimsIn(`${lead}\tthreads\t\tvanilla\t\tnew code\n\t1\t\t147\t\t29\n\t8\t\t706\t\t29\n`)).toEqual(
      rows,
    );
    expect(claimsIn(`${lead}threads  old  new\n   1  147  29\n   8  706  29\n`)).toEqual(rows);
    expect(claimsIn(`${lead}threads vanilla new code\n1 147 29\n8 706 29\n`)).toEqual(rows);
  });

  test('line ends lost, as on an archive page', () => {
    const prose = 'It was slow and now it is not, as anyone can see who looks at it for a while. '.repeat(5);
    const text = `${prose}${lead.trim()} threads vanilla new code 1 147 29 8 706 29 So it is 24x faster.`;
    expect(claimsIn(text)).toEqual([...rows.map((row) => ({ ...row, line: 1 })), { line: 1, factor: 24 }]);
  });

  test('rows before and after, a machine in each column, headings of several lines', () => {
    const text = `Time of f() on different machines:

               | Vendor M2 VM | Vendor Altra
               | VM, 16G      | Metal, 512G
---------------|--------------|-------------
               |   ms    (%)  |   ms    (%)
---------------|--------------|-------------
before         |   11   (0%)  | 1,257   (0%)
after          |    6 (-46%)  |  838  (-33%)
`;
    const expected = [
      {
        line: 8,
        machine: 'Vendor M2 VM VM, 16G',
        unit: 'ms',
        before: 11,
        after: 6,
        ratio: 1.833,
        percent: -46,
      },
      {
        line: 8,
        machine: 'Vendor Altra Metal, 512G',
        unit: 'ms',
        before: 1257,
        after: 838,
        ratio: 1.5,
        percent: -33,
      },
    ];
    expect(claimsIn(text)).toEqual(expected);
    expect(readPerformanceClaims(text, 1)[0]?.lead).toBe('Time of f() on different machines:');
    // Archives draw white space together.
    expect(claimsIn(text.replaceAll(/ {2,}/g, ' '))).toEqual(expected);
  });

  test('a column of differences belongs to its row', () => {
    const text = 'case  base (us)  patched (us)  change\nmap  100  50  -50%\nunmap  10  10  0%\n';
    expect(claimsIn(text)).toMatchObject([
      { workload: 'map', unit: 'us', before: 100, after: 50, percent: -50 },
      { workload: 'unmap', unit: 'us', before: 10, after: 10, percent: 0 },
    ]);
  });

  test('a table that does not say which side is which claims nothing', () => {
    expect(claimsIn('case  alpha  beta\nmap  100  50\nunmap  10  10\n')).toEqual([]);
    expect(claimsIn('  4.5%  f  10\n  3.2%  g  9\n')).toEqual([]);
  });
});

test('the claims of a version, with their messages; what a reply quotes only where the mail is missing', () => {
  const claim = 'It is 3x faster.';
  const mails = postingOf('Do it', 1, ['mm: first', 'mm: second']).map((mail, index) =>
    index === 1 ? { ...mail, body: patchBody('mm/x.c', claim) } : mail,
  );
  const reply = (to: number) =>
    mailOf(`Re: [PATCH ${to}/2] mm`, {
      id: `r${to}`,
      to: `Do it-v1-${to}`,
      references: ['Do it-v1-0', `Do it-v1-${to}`],
      body: `> ${claim}\n\nReally?\n`,
    });
  const all = [...mails.filter(({ messageId }) => messageId !== 'Do it-v1-2'), reply(1), reply(2)];
  const [version] = assembleSeries(all).value[0]?.versions ?? [];
  expect(version === undefined ? [] : claimsOfVersion(version)).toMatchObject([
    { patch: 1, messageId: 'Do it-v1-1', quotedByReply: false, claim: { factor: 3 } },
    { patch: 2, messageId: 'r2', quotedByReply: true, claim: { factor: 3 } },
  ]);
});

test('any text at all, and texts made to be slow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      for (const claim of readPerformanceClaims(text, 1)) PerformanceClaim.parse(claim);
    }),
  );
  const slow = ['1, '.repeat(20_000), '1 '.repeat(20_000), 'on a '.repeat(10_000), '| 1 '.repeat(10_000)];
  const started = performance.now();
  for (const text of slow) {
    readPerformanceClaims(text, 1);
    readPerformanceClaims(text.replaceAll(/(.{300})/g, '$1\n'), 1);
  }
  expect(performance.now() - started).toBeLessThan(20_000);
});
