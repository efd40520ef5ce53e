// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Review } from '../../src/report/review-schema.ts';
import { rewalk } from './rewalk.ts';
import { commitSeries, type Change } from './small-series.ts';

// Series made here, on the embedded tree, so that nothing can be keyed to the embedded ones.

const QUICK = ['--machine', 'x86_64-4level', '--scenarios', '0'];

// All change vm_area_map_allocated(), which vmalloc() alone calls: what fewer calls reach takes less time to review.

/** Moves a choice into a function of its own: nothing that can be seen from outside changes. */
const refactoring: Change = {
  subject: 'mm/vmalloc: choose the scope in a function of its own, no functional change',
  replace: [
    [
      'static int vm_area_map_allocated(',
      `static unsigned int vm_area_enter_scope(bool io, bool fs)
{
	if (!io)
		return memalloc_noio_save();
	return fs ? 0 : memalloc_nofs_save();
}

static int vm_area_map_allocated(`,
    ],
    [
      `	unsigned int scope = 0;
	int err;

	if (!io)
		scope = memalloc_noio_save();
	else if (!fs)
		scope = memalloc_nofs_save();
`,
      `	unsigned int scope = vm_area_enter_scope(io, fs);
	int err;
`,
    ],
  ],
};

const END = 'unsigned long end = addr + get_vm_area_size(area);';

const breaking: Change = {
  subject: 'mm/vmalloc: map the first page alone (NFC)',
  replace: [[END, 'unsigned long end = addr + PAGE_SIZE;']],
};

const unrelated: Change = {
  subject: 'mm/vmalloc: word a comment',
  replace: [["/* Only now: had the mapping failed, they would still be the caller's. */", '/* Only now. */']],
};

const MAP = `vmap_pages_range(addr, end, prot, area->pages,
				       page_shift);`;

const callsWhatIsNotThere: Change = {
  subject: 'mm/vmalloc: map an area through a function',
  replace: [[MAP, 'vm_area_map_once(area, end, prot, page_shift);']],
};

const bringsIt: Change = {
  subject: 'mm/vmalloc: bring that function',
  replace: [
    [
      'static int vm_area_map_allocated(',
      `static int vm_area_map_once(struct vm_struct *area, unsigned long end,
			    pgprot_t prot, unsigned int page_shift)
{
	unsigned long addr = (unsigned long)area->addr;

	return vmap_pages_range(addr, end, prot, area->pages, page_shift);
}

static int vm_area_map_allocated(`,
    ],
  ],
};

function review(source: string): { status: number | null; review: Review } {
  const { status, stdout, stderr } = rewalk('review', source, ...QUICK, '--json');
  expect(stderr).toBe('');
  return { status, review: Review.parse(JSON.parse(stdout)) };
}

/** Patch 1 changes nothing, patch 2 much, patch 3 nothing; 1 and 2 say that they change nothing. */
function tellsWhatChanges({ changes, findings, matrix }: Review): void {
  expect(changes.map(({ patch, differing }) => [patch, differing > 0])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
  const second = changes[1]!;
  const translation = second.changes.find(({ kind }) => kind === 'translation')!;
  expect(translation.count).toBeLessThanOrEqual(second.differing);
  expect(translation.replay).toMatch(/^rewalk replay .* --patch 2$/);
  const claims = findings.filter(({ invariant }) => invariant === 'claim/no-change');
  expect(claims).toEqual([
    expect.objectContaining({
      patch: 2,
      severity: 'risk',
      count: second.visible,
      where: expect.objectContaining({ file: 'mm/vmalloc.c', function: 'vm_area_map_allocated' }),
    }),
  ]);
  const verdicts = matrix.filter(({ invariant }) => invariant === 'claim/no-change');
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['holds', 'violated', 'violated']);
}

describe('rewalk review of a git range', () => {
  it('a refactoring that changes nothing: nothing found, status 0', () => {
    const { status, stdout, stderr } = rewalk('review', commitSeries(refactoring), ...QUICK);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Nothing found');
  });

  it('a patch that breaks a promise: the finding names that patch and the line, status 1', () => {
    const { status, review: found } = review(commitSeries(refactoring, breaking, unrelated));
    expect(status).toBe(1);
    const introduced = found.findings.filter((finding) => finding.status === 'introduced');
    expect(introduced.map(({ patch }) => patch)).toEqual(introduced.map(() => 2));
    expect(introduced.map(({ invariant }) => invariant)).toContain('map/exact');
    const exact = introduced.find(({ invariant }) => invariant === 'map/exact');
    expect(exact).toMatchObject({
      severity: 'bug',
      subject: breaking.subject,
      where: { file: 'mm/vmalloc.c', function: 'vm_area_map_allocated' },
    });
    tellsWhatChanges(found);
  });

  it('a call of what only a later patch defines: the series cannot be bisected there', () => {
    const { status, review: found } = review(commitSeries(callsWhatIsNotThere, bringsIt));
    expect(status).toBe(1);
    expect(found.findings.filter((finding) => finding.status === 'introduced')).toEqual([
      expect.objectContaining({ invariant: 'bisect', patch: 1, repairedBy: 2 }),
    ]);
  });
});
