// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { renderDetections, renderFound, type Detection } from '../../src/report/detection-text.ts';

const finding = {
  invariant: 'map/exact',
  function: 'walk',
  machine: 'arm64-4k',
  scenario: 'vmap 4K',
  seen: 'nothing',
};

function detection(name: string, parts: Partial<Detection> = {}): Detection {
  const none = { harmless: false, historical: false, findings: [], ofStandIns: [] };
  return { name, class: 'wrong index step', ...none, ...parts };
}

it('counts by class, and lists what needs an explanation', () => {
  const all = [
    detection('seen', { findings: [finding], historical: true }),
    detection('unseen', { missed: 'nobody looks' }),
    detection('unexplained', { class: 'leak' }),
    detection('seen-after-all', { findings: [finding], missed: 'nobody looks' }),
    detection('quiet', { class: 'harmless', harmless: true, ofStandIns: [finding] }),
    detection('loud', { class: 'harmless', harmless: true, findings: [finding] }),
    detection('broken', { refused: 'there is no a.c' }),
  ];

  expect(renderDetections('A tree', all)).toBe(
    [
      '## A tree',
      '',
      '2 of 4 faults found (50.0 %), 1 false alarm on 2 harmless rewrites.',
      '',
      '| class | found | missed |',
      '| --- | --- | --- |',
      '| leak | 0 | 1 |',
      '| wrong index step | 2 | 1 |',
      '| _of all these, upstream fixes undone_ | 1 | 0 |',
      '',
      '### Missed',
      '',
      '- `unseen` (wrong index step): nobody looks',
      '- `unexplained` (leak): no reason known',
      '',
      '### False alarms',
      '',
      '- `loud`: `map/exact` in `walk()` on arm64-4k: `vmap 4K`: nothing',
      '',
      '### Said of the tree before the patch, and not where all of the tree is run',
      '',
      '- `quiet`: `map/exact` in `walk()` on arm64-4k: `vmap 4K`: nothing',
      '',
      '### Found after all: the reason given for missing it no longer holds',
      '',
      '- `seen-after-all` (wrong index step): `map/exact` in `walk()`',
      '',
      '### Could not be run',
      '',
      '- `broken`: there is no a.c',
    ].join('\n'),
  );
});

it('says what gave each fault away', () => {
  const both = [finding, { ...finding, machine: 'x86_64-4level' }];
  expect(renderFound([detection('seen', { findings: both }), detection('unseen')])).toBe(
    ['', '### Found', '', '- `seen` (wrong index step): `map/exact` in `walk()`'].join('\n'),
  );
});
