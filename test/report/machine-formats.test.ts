// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { reviewAsAnnotations } from '../../src/report/github-annotations.ts';
import { reviewAsJunit } from '../../src/report/junit.ts';
import type { Finding, Review } from '../../src/report/review-schema.ts';
import { sampleFinding, sampleReview } from './sample-review.ts';

const plain = { baseline: false };

/** What Python's parser reads from a JUnit report: one line a case. */
function casesOf(xml: string): string[] {
  const script = `
import sys, xml.etree.ElementTree as tree
for suite in tree.fromstring(sys.stdin.buffer.read()).iter('testsuite'):
    for case in suite.iter('testcase'):
        kinds = [child.tag for child in case if child.tag != 'system-out'] or ['passed']
        print(case.get('classname'), case.get('name'), *kinds, sep='|')
`;
  return execFileSync('python3', ['-c', script], { input: xml, encoding: 'utf8' }).trim().split('\n');
}

const withFinding = (change: Partial<Finding>): Review => ({
  ...sampleReview(),
  findings: [{ ...sampleFinding, ...change }],
});

describe('a review as JUnit', () => {
  it('fails what the series broke, and skips what has no verdict or was broken before', () => {
    expect(casesOf(reviewAsJunit(sampleReview(), plain))).toEqual([
      'rewalk.v1|map/exact|passed',
      'rewalk.v1|flush/cache-vmap|failure',
      'rewalk.v1|split/flag|skipped',
      'rewalk.v1|bounds/pages|passed',
      'rewalk.v1|wx|skipped',
      'rewalk.v1|bisect|passed',
      'rewalk.v2|map/exact|failure',
      'rewalk.v2|flush/cache-vmap|passed',
      'rewalk.v2|split/flag|skipped',
      'rewalk.v2|bounds/pages|failure',
      'rewalk.v2|wx|skipped',
      'rewalk.v2|bisect|failure',
      'rewalk.not-modelled|`mte_sync_tags()` is neither in the files that are run nor in the model: 7 scenarios without a verdict on arm64-4k in v2/3|skipped',
    ]);
  });

  it('lets the tree before the series count when asked', () => {
    expect(casesOf(reviewAsJunit(sampleReview(), { baseline: true }))).toContain(
      'rewalk.base|split/flag|failure',
    );
  });

  it('is well formed whatever a patch is called', () => {
    const code = 'a[b[c]]>d[e[f]]>g & "<\u0000\u001B[31m\uFFFF\uD800';
    const cases = casesOf(reviewAsJunit(withFinding({ code, seen: code, subject: code }), plain));
    expect(cases).toContain('rewalk.v2|map/exact|failure');
  });
});

describe('a review with more annotations than GitHub shows', () => {
  const many = (count: number): Review => ({
    ...sampleReview(),
    findings: Array.from({ length: count }, (_, at) => ({
      ...sampleFinding,
      id: `v2-${at}`,
      defect: `defect-${at}`,
      seen: `::error::nothing ${at}`,
    })),
  });
  const errors = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('::error'));

  it('says in the last one of the level how many are left out, and puts them in the log', () => {
    const lines = reviewAsAnnotations(many(13), plain);
    expect(errors(lines)).toHaveLength(10);
    expect(errors(lines).at(-1)).toMatch(/^::error title=4 more errors::GitHub shows 10 of a step/);
    const begin = lines.indexOf('::group::4 annotations that GitHub does not show');
    const end = lines.indexOf('::endgroup::');
    expect(end - begin).toBe(5);
    // No text of a finding is a command there.
    for (const line of lines.slice(begin + 1, end))
      expect(line).toMatch(/^ {2}error: mm\/vmalloc\.c:\d+: map\/exact/);
    expect(lines.slice(begin, end).join('\n')).toContain('nothing 12');
  });

  it('leaves out nothing where there are ten', () => {
    const lines = reviewAsAnnotations(many(10), plain);
    expect(errors(lines)).toHaveLength(10);
    expect(lines.join('\n')).not.toMatch(/more errors|::group::/);
  });
});

describe('a review as annotations', () => {
  it('is a workflow command a line, and says what has no verdict', () => {
    const lines = reviewAsAnnotations(sampleReview(), plain);
    expect(lines.map((line) => /^::(\w+) [^:]*title=([^:]*)::/.exec(line)?.slice(1))).toEqual([
      ['error', 'bisect broken by v2 patch 1%2C repaired by patch 2'],
      ['error', 'map/exact broken by v2 patch 2'],
      ['notice', 'flush/cache-vmap in an earlier version'],
      ['notice', 'not-modelled'],
      ['notice', 'not-modelled'],
    ]);
    expect(lines[1]).toContain('file=mm/vmalloc.c,line=612,');
  });

  it('lets no text of a patch end a command or begin one', () => {
    const nasty = 'x\n::error::y %0A \u001B[31m';
    const lines = reviewAsAnnotations(withFinding({ seen: nasty, invariant: 'a,b:c' }), plain);
    expect(lines[0]).toContain('x%0A::error::y %250A ^[[31m');
    expect(lines[0]).toContain('title=a%2Cb%3Ac');
    expect(lines.join('')).not.toContain('\n');
  });

  it('points at a caller where the function is the model’s own', () => {
    const where = { file: '<model>', line: 0, function: 'set_pte' };
    const stack = [{ function: 'set_pte' }, { function: 'f', file: 'mm/ioremap.c', line: 7 }];
    expect(reviewAsAnnotations(withFinding({ where, stack }), plain)[0]).toContain(
      'file=mm/ioremap.c,line=7,',
    );
    expect(reviewAsAnnotations(withFinding({ where, stack: [] }), plain)[0]).toMatch(/^::error title=/);
  });
});
