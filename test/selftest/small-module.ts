// SPDX-License-Identifier: GPL-2.0-only
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EMBEDDED_TREE = new URL('../../fixtures/linux/', import.meta.url);

/** A module with one case for each thing that can come of a case, in C of this project. */
export const SMALL_MODULE = `
#include <linux/vmalloc.h>

static int turns = 1000;
static bool marked;
static unsigned long asked_of_nobody = 3;

static int passes(void)
{
	int i;

	for (i = 0; i < turns; i++)
		vfree(vmalloc(PAGE_SIZE));
	return 0;
}

static int fails(void)
{
	return -1;
}

/* This one is
 * expected to fail.
 */
static int
fails_as_said(void)
{
	return -1;
}

/* Nobody expects that it is so. */
static int passes_marked(void)
{
	return 0;
}

static int leaks(void)
{
	return vmalloc(3 * PAGE_SIZE) == NULL;
}

static int writes_behind(void)
{
	char *p = vmalloc(PAGE_SIZE);

	p[PAGE_SIZE] = 1;
	return 0;
}

static int does_not_end(void)
{
	while (turns > 0)
		marked = 1;
	return 0;
}

static int asks_others(void)
{
	return start_machine_that_nobody_knows();
}

static int warns(void)
{
	WARN_ON(turns > 0);
	return 0;
}

static int needs_too_much(void)
{
	int i;

	for (i = 0; i < 1000; i++)
		if (!kmalloc(1 << 20, GFP_KERNEL))
			return -1;
	return 0;
}

static int returns_chance(void)
{
	return get_random_u32_inclusive(1, 1 << 30);
}

struct test_case_desc {
	const char *test_name;
	int (*test_func)(void);
	FIELD
};

static struct test_case_desc test_case_array[] = {
	{ "passes", passes },
	{ "fails", fails },
	{ .test_func = fails_as_said, .test_name = "fails_as_said" },
	{ "passes_marked", passes_marked, MARK },
	{ "leaks", leaks },
	{ "writes_behind", writes_behind },
	{ "does_not_end", does_not_end },
	{ "asks_others", asks_others },
	{ "warns", warns },
	{ "needs_too_much", needs_too_much },
	{ "returns_chance", returns_chance },
};

static int threads(void)
{
	return asked_of_nobody + sizeof(test_case_array);
}
`;

/** The module in a table without a field that marks cases, as in older kernels, or with one. */
export function smallModule(hasField: boolean): string {
  return SMALL_MODULE.replace('FIELD', hasField ? 'bool xfail;' : '').replace(
    ', MARK',
    hasField ? ', true' : '',
  );
}

/** A copy of the embedded tree with that module in it; `remove` when it was used. */
export function treeWithModule(text: string): { readonly tree: string; readonly remove: () => void } {
  const tree = mkdtempSync(join(tmpdir(), 'rewalk-selftest-'));
  cpSync(EMBEDDED_TREE, tree, { recursive: true });
  mkdirSync(join(tree, 'lib'));
  writeFileSync(join(tree, 'lib/test_vmalloc.c'), text);
  return { tree, remove: () => rmSync(tree, { recursive: true }) };
}
