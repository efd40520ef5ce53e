// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { rewalkInProcess } from './in-process.ts';

const tree = mkdtempSync(join(tmpdir(), 'rewalk-translate-'));
afterAll(() => rmSync(tree, { recursive: true }));
mkdirSync(join(tree, 'mm'));
writeFileSync(
  join(tree, 'mm/vmalloc.c'),
  '#include <linux/vmalloc.h>\nvoid whole(void)\n{\n\tmight_sleep();\n}\nvoid lacking(void)\n{\n\tnowhere_at_all(1);\n}\n',
);

it('says with its status that a function calls what is defined nowhere', async () => {
  const whole = await rewalkInProcess('translate', 'mm/vmalloc.c', 'whole', '--tree', tree);
  expect(whole).toMatchObject({ status: 0, stdout: expect.not.stringContaining('not modelled') });
  const lacking = await rewalkInProcess('translate', 'mm/vmalloc.c', 'lacking', '--tree', tree);
  expect(lacking).toMatchObject({
    status: 3,
    stdout: expect.stringContaining('not modelled: `nowhere_at_all()` is called'),
  });
});
