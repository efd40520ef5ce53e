// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import { rewalk } from './rewalk.ts';
import { commitSeries } from './small-series.ts';

const QUICK = ['--machine', 'x86_64-4level', '--scenarios', '0'];
const MAP = '		err = vmap_pages_range(addr, end, prot, area->pages,\n';
const BROKEN = MAP.replace('end', 'addr + PAGE_SIZE');

it('shows a finding at its line in the last tree, though a later patch has moved it', () => {
  const series = commitSeries(
    { subject: 'mm/vmalloc: map the first page alone', replace: [[MAP, BROKEN]] },
    {
      subject: 'mm/vmalloc: say more',
      replace: [
        [
          'static int vm_area_map_allocated(',
          `/*\n * One${'\n *'.repeat(40)} more.\n */\nstatic int vm_area_map_allocated(`,
        ],
      ],
    },
  );
  const text = readFileSync(join(series.split('@')[0]!, 'mm/vmalloc.c'), 'utf8');
  const line = text.split('\n').findIndex((each) => BROKEN.startsWith(each) && each !== '') + 1;
  expect(line).toBeGreaterThan(1);

  const sarif = rewalk('review', series, ...QUICK, '--format', 'sarif');
  expect(sarif.status).toBe(1);
  const { results } = (JSON.parse(sarif.stdout) as Log).runs[0]!;
  expect(results!.find(({ ruleId }) => ruleId === 'map/exact')).toMatchObject({
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'mm/vmalloc.c', uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
      },
    ],
  });
});

it('takes one format, and one that there is', () => {
  expect(rewalk('review', '--format', 'xml')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('Allowed choices are text, json, sarif, github, junit'),
  });
  expect(rewalk('review', '--json', '--format', 'sarif')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('cannot be used with'),
  });
});
