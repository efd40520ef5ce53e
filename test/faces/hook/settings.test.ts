// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../../src/faces/hook/settings.ts';

const read = (values: Record<string, string>) => settingsFrom(new Map(Object.entries(values)));

describe('git config rewalk.*', () => {
  it('has defaults for all', () => {
    expect(read({})).toEqual({
      settings: {
        threshold: 'risk',
        machines: undefined,
        timeBudget: 300,
        baseline: false,
        failureStops: false,
        scenarios: undefined,
        tree: undefined,
      },
      complaints: [],
    });
  });

  it.each([
    ['threshold', 'cost', { threshold: 'cost' }],
    ['machines', 'arm64-4k, x86_64-4level', { machines: ['arm64-4k', 'x86_64-4level'] }],
    ['timebudget', '20', { timeBudget: 20 }],
    ['baseline', 'yes', { baseline: true }],
    ['failurestops', 'on', { failureStops: true }],
    ['failurestops', '', { failureStops: false }],
    ['scenarios', '0', { scenarios: 0 }],
    ['tree', '/linux@v6.12', { tree: '/linux@v6.12' }],
  ])('reads rewalk.%s = %j', (name, value, expected) => {
    expect(read({ [`rewalk.${name}`]: value })).toMatchObject({ settings: expected, complaints: [] });
  });

  it.each([
    ['threshold', 'loud'],
    ['timebudget', '0'],
    ['scenarios', '-1'],
    ['failurestops', 'perhaps'],
    ['machines', ' , '],
  ])('says that rewalk.%s = %j means nothing, and goes by the default', (name, value) => {
    const { settings, complaints } = read({ [`rewalk.${name}`]: value });
    expect(complaints).toEqual([
      expect.stringMatching(new RegExp(`^rewalk\\.${name} is .*; it must be `, 'i')),
    ]);
    expect(settings).toEqual(read({}).settings);
  });
});
