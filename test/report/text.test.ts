// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Review, type Finding } from '../../src/report/review-schema.ts';
import { lineWidth, plainText } from '../../src/report/styled-text.ts';
import { renderReview } from '../../src/report/text.ts';
import { sampleFinding, sampleReview } from './sample-review.ts';

function render(review: Review, width: number, baseline = false): string {
  return renderReview(review, { width, baseline })
    .map((line) => plainText(line).trimEnd())
    .join('\n');
}

describe('the text of a review', () => {
  it('the sample is a review', () => {
    expect(Review.parse(sampleReview())).toEqual(sampleReview());
  });

  it('at 80 columns', async () => {
    await expect(render(sampleReview(), 80)).toMatchFileSnapshot('golden/review-80.txt');
  });

  it('at 60 columns, with what the base has', async () => {
    await expect(render(sampleReview(), 60, true)).toMatchFileSnapshot('golden/review-60-baseline.txt');
  });

  it('patch by patch, tells what a patch breaks from what the tree had before', () => {
    const own = { ...sampleFinding, id: 'v2-own', defect: 'own', invariant: 'split/flag', patch: 3 };
    const review = { ...sampleReview(), findings: [...sampleReview().findings, own] };
    expect(render(review, 80)).toMatch(/^ += = ✗ {4}split\/flag$/m);
  });

  it.each([60, 80, 120, 200])('no line is wider than %d columns', (width) => {
    const lines = renderReview(sampleReview(), { width, baseline: true });
    expect(lines.filter((line) => lineWidth(line) > width).map(plainText)).toEqual([]);
  });

  it('wide characters and long subjects keep to the width', () => {
    const subject = `mm: ${'連続したメモリ '.repeat(12)}`;
    const review = { ...sampleReview(), findings: [{ ...sampleFinding, subject }] };
    const lines = renderReview(review, { width: 60, baseline: false });
    expect(lines.filter((line) => lineWidth(line) > 60).map(plainText)).toEqual([]);
  });

  it('says what of the patch has to do with a finding in another function, and what shows at the end', () => {
    const [one, two, three, four] = ['a', 'b', 'c', 'd'].map((name, line) => ({
      function: name,
      file: 'mm/vmalloc.c',
      line: line + 1,
    }));
    const said = (more: Partial<Finding>): readonly string[] => {
      const review = { ...sampleReview(), findings: [{ ...sampleFinding, ...more }] };
      return render(review, 80)
        .split('\n')
        .filter((line) => /^ {4}(?:changed|when)/.test(line));
    };
    expect(said({})).toEqual([]);
    expect(said({ changed: { onStack: true, functions: [one!] } })).toEqual([
      '    changed   a(), which leads here from mm/vmalloc.c:1',
    ]);
    expect(said({ changed: { onStack: false, functions: [two!] }, atEnd: 'flush_scheduled_work' })).toEqual([
      '    changed   b() at mm/vmalloc.c:2, run by this case',
      '    when      at the end, when workers do what was put off',
    ]);
    expect(said({ changed: { onStack: false, functions: [one!, two!, three!, four!] } })).toEqual([
      '    changed   a(), b(), c() and 1 more, run by this case',
    ]);
  });

  it('says of what follows and shows at the end when that is', () => {
    const where = { file: '<model>', line: 0, function: 'flush_scheduled_work' };
    const follower = { ...sampleFinding, id: 'v2-other', defect: 'other', follows: sampleFinding.id, where };
    const said = (more: Partial<Finding>): string =>
      render({ ...sampleReview(), findings: [sampleFinding, { ...follower, ...more }] }, 120);
    expect(said({})).toContain('then      map/exact at <model>:0 flush_scheduled_work(), 12 scenarios');
    expect(said({ atEnd: 'flush_scheduled_work' })).toContain(
      'then      map/exact at the end, when workers do what was put off, 12 scenarios',
    );
  });

  it('says of a finding what it follows where that is shown in a later version', () => {
    const root = { ...sampleFinding, id: 'v1-root', defect: 'root', version: 1, label: 'v1' };
    const follower = { ...root, id: 'v1-other', defect: 'other', follows: 'v1-root' };
    const later = { ...sampleFinding, id: 'v2-root', defect: 'root' };
    const text = render({ ...sampleReview(), findings: [root, follower, later] }, 120);
    expect(text).toMatch(/also v1 patch 2, v2-root$/m);
    expect(text).toMatch(/follows v1-root, .*v1-other$/m);
    expect(render({ ...sampleReview(), findings: [root, follower] }, 120)).not.toMatch(/follows v1-root/);
  });

  it('of many versions the newest are shown, and how many are not', () => {
    const sample = sampleReview();
    const one = sample.series!.versions[1]!;
    const versions = Array.from({ length: 15 }, (_, index) => ({
      ...one,
      version: index + 1,
      label: `v${index + 1}`,
    }));
    const text = render({ ...sample, series: { ...sample.series!, versions } }, 60);
    expect(text).toMatch(/^\d+ older left out +base .* v14 +v15$/m);
  });

  it('a tree by itself is no series', async () => {
    const sample = sampleReview();
    const alone = {
      ...sample,
      series: null,
      matrix: sample.matrix.filter(({ version }) => version === 0),
      findings: sample.findings.filter(({ version }) => version === 0),
      coverage: sample.coverage.filter(({ version }) => version === 0),
      notModelled: [],
    };
    await expect(render(alone, 80)).toMatchFileSnapshot('golden/review-of-a-tree.txt');
  });
});
