// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, browserProgram, type Page } from './browser.ts';
import { folderWithList } from '../faces/digest/list-fixture.ts';
import { rewalk } from './rewalk.ts';
import { commitSeries } from './small-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'rewalk-page-'));
const page = join(folder, 'digest.html');

/** Set to a folder, it gets a picture of the page on each screen, to be looked at. */
const pictures = process.env['REWALK_PICTURES'];

const screens = [
  { name: 'a phone', width: 375, height: 667, dark: false },
  { name: 'a phone at night', width: 375, height: 667, dark: true },
  { name: 'a tablet', width: 768, height: 1024, dark: false },
  { name: 'a desk', width: 1440, height: 900, dark: false },
] as const;

/** What is looked for in the page, to be run there. */
const faults = readFileSync(join(import.meta.dirname, 'page-faults.js'), 'utf8');

if (browserProgram === undefined)
  process.stderr.write('SKIPPED: the digest in a browser, because chromium is not installed\n');

// Under CI chromium is installed, and a machine without it fails.
describe.skipIf(browserProgram === undefined && process.env['CI'] === undefined)(
  'the page of a digest in chromium',
  () => {
    let browser: Browser;

    beforeAll(() => {
      const series = commitSeries({
        subject: 'mm/vmalloc: map the first page alone',
        replace: [['end = addr + get_vm_area_size(area);', 'end = addr + PAGE_SIZE;']],
      });
      const sources = [series, join(folderWithList(), 'list.mbox')];
      const options = [
        '--machine',
        'x86_64-4level',
        '--scenarios',
        '0',
        '--format',
        'html',
        '--output',
        page,
      ];
      expect(rewalk('digest', ...sources, ...options)).toMatchObject({ status: 0 });
      browser = new Browser(browserProgram!);
    });

    afterAll(async () => {
      await browser.close();
    });

    it.each(screens)('can be read on $name, $width pixels wide', async ({ name, ...screen }) => {
      const shown: Page = await browser.open(page, screen);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        writeFileSync(join(pictures, `${name}.png`), await shown.picture());
      }
      expect(await shown.evaluate('document.querySelectorAll("svg").length')).toBe(2);
      expect(await shown.evaluate(`${faults}faultsInLayout()`)).toEqual([]);
      expect(await shown.evaluate(`${faults}faintTexts()`)).toEqual([]);
      expect({ requests: shown.requests, complaints: shown.complaints }).toEqual({
        requests: [pathToFileURL(page).href],
        complaints: [],
      });
    });

    it('is found to be at fault where it is', async () => {
      const bad = join(folder, 'bad.html');
      writeFileSync(
        bad,
        '<!DOCTYPE html><body><p style="width: 900px; color: #aaa">wide and faint</p><img src="x.png">' +
          '<svg width="50" height="20"><text x="0" y="15">one</text><text x="5" y="15">another one</text></svg></body>',
      );
      const shown = await browser.open(bad, screens[0]);
      const found = (await shown.evaluate(`${faults}faultsInLayout()`)) as string[];
      expect(found.join('\n')).toMatch(
        /the page is [^]*beside the screen[^]*one over the other[^]*out of its picture/,
      );
      expect(await shown.evaluate(`${faults}faintTexts()`)).toHaveLength(1);
      expect(shown.requests).toHaveLength(2);
    });
  },
);
