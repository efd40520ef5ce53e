// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { findCitations, findDrift } from '../../src/drift.ts';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { renderDrift } from '../../src/report/drift-text.ts';

function treeOf(title: string, files: Record<string, string>) {
  return new MemoryTree(title, new Map(Object.entries(files)));
}

const model = `
/** @kernel mm/a.c same @fidelity dup */
/** @kernel mm/a.c other
 * @fidelity dup */
/** @kernel mm/a.c simpler @fidelity custom: less of it. */
/** @kernel mm/a.c went @fidelity dup */
/** @kernel mm/a.c lost @fidelity stub: it means nothing. */
/** @kernel arch/$SRCARCH/include/asm/b.h each @fidelity dup */
/** @kernel mm/a.c counted @fidelity dup */
/** @kernel include/linux/a.h declared @fidelity dup */
/** @kernel mm/a.c later newer @fidelity dup */
`;

const before = treeOf('before', {
  'mm/a.c': `
int same(int a) { return a; }
int other(int a) { return a + 1; }
int simpler(void) { return 0; }
int went(void) { return 1; }
int lost(void) { return 2; }
void *counted_noprof(int a) { return 0; }
`,
  'include/linux/a.h': 'int declared(void);\n',
  'arch/arm64/include/asm/b.h': 'static inline int each(void) { return 1; }\n',
  'arch/x86/include/asm/b.h': '#define each() 2\n',
});

const after = treeOf('after', {
  'mm/a.c': `
/* A comment changes nothing, */
int same(int a)
{
	return a;
}
int other(int a) { return a + 2; }
int simpler(void) { return 3; }
void *counted_noprof(int a) { return 0; }
int later(void) { warn("lost() went() wrong\\n"); return 9; }
/* and went() or lost() in one are not there. */
`,
  'mm/elsewhere.c': 'int went(void) { return 1; }\n',
  'include/linux/a.h': 'extern int declared(void);\n',
  'arch/arm64/include/asm/b.h': 'static inline int each(void) { return 1; }\n',
  'arch/x86/include/asm/b.h': '#define each() 3\n',
});

it('tells what of the kernel has changed, moved or gone since the model was written', () => {
  const citations = findCitations('src/model/mm/a.ts', model);
  expect(renderDrift(findDrift(citations, before, after), 'before', 'after')).toMatchInlineSnapshot(`
    [
      "9 functions of the model cite the kernel. In after, compared with before:",
      "3 the same, 3 changed, 1 moved, 1 not there, 1 newer",
      "",
      "Changed, and the model means to do the same: read both versions:",
      "  other  mm/a.c  (src/model/mm/a.ts)",
      "  each  arch/$SRCARCH/include/asm/b.h  (src/model/mm/a.ts)",
      "",
      "Changed, where the model goes its own way:",
      "  simpler  mm/a.c  (src/model/mm/a.ts)",
      "",
      "Moved:",
      "  went  mm/a.c -> mm/elsewhere.c  (src/model/mm/a.ts)",
      "",
      "Not there: gone, or not there yet:",
      "  lost  mm/a.c  (src/model/mm/a.ts)",
      "",
      "There, and not in the kernel that the model was written after:",
      "  later  mm/a.c  (src/model/mm/a.ts)",
    ]
  `);
});

it('finds nothing to tell of the kernel that the model was written after', () => {
  const citations = findCitations('src/model/mm/a.ts', model).filter(({ isElsewhen }) => !isElsewhen);
  expect(findDrift(citations, before, before).every(({ what }) => what === 'same')).toBe(true);
});
