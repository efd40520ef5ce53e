// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { LinkedKernel } from '../../src/run/link.ts';

const machine = machineNamed('arm64-4k')!;

function link(source: Readonly<Record<string, string>>, ...alsoCalled: string[]): LinkedKernel {
  return linkTree({ machine, source, mode: 'from-tree', alsoCalled });
}

function callOf(linked: LinkedKernel, name: string): number {
  linked.boot([]);
  return Number(linked.call(name, []));
}

describe('a statement that cannot be translated', () => {
  const asked = (body: string): LinkedKernel =>
    link(
      {
        'mm/vmalloc.c': `#include <linux/vmalloc.h>\nlong asked(void)\n{\n\tlong x = 3;\n${body}\n\treturn x;\n}\n`,
      },
      'asked',
    );

  it.each([
    ['an expression', 'if (x == 4)\n\t\tcurrent->nobody_has_this++;', 7],
    ['a declaration', 'if (x == 4) {\n\t\tlong y = current->nobody_has_this;\n\t\tx += y;\n\t}', 7],
    [
      'a condition, with what hangs on it',
      'if (x == 4) {\n\t\tif (current->nobody_has_this)\n\t\t\tx = 1;\n\t\telse\n\t\t\tx = 2;\n\t}',
      7,
    ],
  ])('is not modelled where it is reached, and costs nothing else: %s', (_title, body, line) => {
    expect(callOf(asked(body), 'asked')).toBe(3);
    const linked = asked(`\tx++;\n${body}`);
    expect(() => callOf(linked, 'asked')).toThrow(
      `a statement of \`asked()\` could not be translated: mm/vmalloc.c:${line}: \`struct task_struct\` has no member`,
    );
    expect([...linked.untranslated.keys()]).toEqual(['asked']);
  });

  it('is told with the types that it is about, those without a name too', () => {
    const linked = asked('\tstruct { int n; } nameless = { 1 };\n\tif (nameless)\n\t\tx = 1;');
    expect(() => callOf(linked, 'asked')).toThrow('`struct {…}` as a condition');
  });

  it.each([
    [
      'somebody may jump into it',
      'if (current->nobody_has_this) {\nout:\n\t\treturn 2;\n\t}\n\tif (x == 4)\n\t\tgoto out;',
    ],
    ['nobody can tell where it ends', 'if (x == 4)\n\t\tx = ;'],
  ])('costs the function where %s', (_title, body) => {
    expect(() => callOf(asked(body), 'asked')).toThrow('`asked()` could not be translated');
  });
});
