// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

const HEADER = 'arch/arm64/include/asm/tlbflush.h';
const PATCH = `From: A <a@example.org>
Date: Mon, 5 Jan 2026 10:00:00 +0000
Message-ID: <1@example.org>
Subject: [PATCH] arm64: flush all

Signed-off-by: A <a@example.org>
---
diff --git a/${HEADER} b/${HEADER}
--- a/${HEADER}
+++ b/${HEADER}
@@ -1,4 +1,5 @@
 static inline void local_flush_tlb_all(void)
 {
-	isb();
+	dsb(nsh);
+	isb();
 }
diff --git a/mm/vmalloc.c b/mm/vmalloc.c
--- a/mm/vmalloc.c
+++ b/mm/vmalloc.c
@@ -3,4 +3,5 @@ void whole(void)
 {
 	might_sleep();
+	might_sleep();
 }
 void lacking(void)
`;

it('shows what is run after a patch, in files and in headers that it changes', async () => {
  mkdirSync(join(tree, dirname(HEADER)), { recursive: true });
  writeFileSync(join(tree, HEADER), 'static inline void local_flush_tlb_all(void)\n{\n\tisb();\n}\n');
  writeFileSync(join(tree, 'patch.eml'), PATCH);
  const series = ['--tree', tree, '--series', join(tree, 'patch.eml')];
  const whole = await rewalkInProcess('translate', 'mm/vmalloc.c', 'whole', ...series);
  expect(whole).toMatchObject({ status: 0, stdout: expect.stringMatching(/might_sleep[^]*might_sleep/) });
  const flush = await rewalkInProcess('translate', HEADER, 'local_flush_tlb_all', ...series);
  expect(flush).toMatchObject({ status: 0, stdout: expect.stringContaining('dsb nsh') });
});
