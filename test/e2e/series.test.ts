// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Review } from '../../src/report/review-schema.ts';
import { rewalk } from './rewalk.ts';
import { commitSeries, type Change } from './small-series.ts';

// Series made here, on the embedded tree, so that nothing can be keyed to the embedded ones.

const QUICK = ['--machine', 'x86_64-4level', '--scenarios', '0'];

/** Moves the checks of one page out of the loop: nothing that can be seen from outside changes. */
const refactoring: Change = {
  subject: 'mm/vmalloc: check a page in a function of its own, no functional change',
  replace: [
    [
      'static int vmap_pages_pte_range(',
      `static int vmap_check_page(pte_t *pte, struct page *page)
{
	if (WARN_ON(!pte_none(ptep_get(pte))))
		return -EBUSY;
	if (WARN_ON(!page))
		return -ENOMEM;
	if (WARN_ON(!pfn_valid(page_to_pfn(page))))
		return -EINVAL;
	return 0;
}

static int vmap_pages_pte_range(`,
    ],
    [
      `		if (WARN_ON(!pte_none(ptep_get(pte))))
			err = -EBUSY;
		else if (WARN_ON(!page))
			err = -ENOMEM;
		else if (WARN_ON(!pfn_valid(page_to_pfn(page))))
			err = -EINVAL;
		if (err)`,
      `		err = vmap_check_page(pte, page);
		if (err)`,
    ],
  ],
};

const SET = '		set_pte_at(&init_mm, addr, pte, mk_pte(page, prot));\n		(*nr)++;\n';

const breaking: Change = {
  subject: 'mm/vmalloc: map the first page everywhere (NFC)',
  replace: [[SET, SET.replace('mk_pte(page, prot)', 'mk_pte(pages[0], prot)')]],
};

const unrelated: Change = {
  subject: 'mm/vmalloc: word a comment',
  replace: [["/* Only now: had the mapping failed, they would still be the caller's. */", '/* Only now. */']],
};

const callsWhatIsNotThere: Change = {
  subject: 'mm/vmalloc: set a page through a function',
  replace: [
    [
      SET,
      SET.replace(
        'set_pte_at(&init_mm, addr, pte, mk_pte(page, prot))',
        'vmap_set_page(addr, pte, page, prot)',
      ),
    ],
  ],
};

const bringsIt: Change = {
  subject: 'mm/vmalloc: bring that function',
  replace: [
    [
      'static int vmap_pages_pte_range(',
      `static void vmap_set_page(unsigned long addr, pte_t *pte, struct page *page,
			  pgprot_t prot)
{
	set_pte_at(&init_mm, addr, pte, mk_pte(page, prot));
}

static int vmap_pages_pte_range(`,
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
      where: expect.objectContaining({ file: 'mm/vmalloc.c', function: 'vmap_pages_pte_range' }),
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
      where: { file: 'mm/vmalloc.c', function: 'vmap_pages_pte_range' },
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
