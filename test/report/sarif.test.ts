// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log, Result } from 'sarif';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Review } from '../../src/report/review-schema.ts';
import { reviewAsSarif } from '../../src/report/sarif.ts';
import { sampleFinding, sampleReview } from './sample-review.ts';

const options = { version: '1.2.3', baseline: false };
const results = (review: Review, baseline = false) =>
  reviewAsSarif(review, { ...options, baseline }).runs[0]!.results!;

/** Violations of the official schema. */
function schemaErrors(log: unknown): unknown {
  const file = join(import.meta.dirname, 'fixtures/sarif-2.1.0-rtm.5.json');
  // The schema says draft 4 of JSON Schema, and uses nothing that later drafts read otherwise but these two names.
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = JSON.parse(readFileSync(file, 'utf8')) as object & {
    $schema: string;
    id: string;
  };
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(log) ? [] : validate.errors;
}

/**
 * What GitHub's page on its support for SARIF says code scanning requires, beyond the schema, and the limits above which
 * it refuses an upload.
 */
function refusalsOfGitHub({ $schema, version, runs }: Log): string[] {
  const refusals: string[] = [];
  const need = (holds: unknown, what: string): void => {
    if (holds === undefined || holds === false || holds === '') refusals.push(what);
  };
  need($schema, '$schema');
  need(version === '2.1.0', 'version');
  need(runs.length > 0 && runs.length <= 20, '1 to 20 runs');
  for (const { tool, results: found } of runs) {
    need(tool.driver.name, 'tool.driver.name');
    need(found !== undefined && found.length <= 25_000, 'results');
    const rules = tool.driver.rules ?? [];
    need(tool.driver.rules !== undefined && rules.length <= 25_000, 'rules');
    for (const rule of rules) {
      const { shortDescription, fullDescription, help, name = '', properties } = rule;
      need(rule.id, 'rule.id');
      need(name.length <= 255, 'rule.name');
      for (const text of [shortDescription?.text, fullDescription?.text]) {
        need(text !== undefined && text.length > 0 && text.length <= 1024, `a description of ${rule.id}`);
      }
      need(help?.text, `help of ${rule.id}`);
      need((properties?.tags?.length ?? 0) <= 20, 'tags');
    }
    for (const { ruleId, ruleIndex, message, locations, partialFingerprints } of found ?? []) {
      need(message.text, 'message.text');
      need(ruleId !== undefined && rules[ruleIndex ?? -1]?.id === ruleId, 'ruleIndex');
      need(partialFingerprints?.['primaryLocationLineHash'], 'primaryLocationLineHash');
      need(locations !== undefined && locations.length > 0 && locations.length <= 1000, 'locations');
      for (const { physicalLocation } of locations ?? []) {
        const { uri = '' } = physicalLocation?.artifactLocation ?? {};
        need(/^(?!\/|\w+:|\.\.?\/)[^\s\\]+$/.test(uri), `a path below the root: ${uri}`);
        for (const name of ['startLine', 'startColumn', 'endLine', 'endColumn'] as const) {
          need((physicalLocation?.region?.[name] ?? 0) > 0, `region.${name}`);
        }
      }
    }
  }
  return refusals;
}

describe('a review as SARIF', () => {
  it.each([
    ['with findings and gaps', sampleReview()],
    ['of a tree by itself', { ...sampleReview(), series: null }],
    [
      'with input that could not be read',
      {
        ...sampleReview(),
        findings: [],
        timedOut: [{ version: 2, label: 'v2', patch: 1, machine: 'arm64-4k', reason: 'too slow' }],
        diagnostics: [{ code: 'ingest/x', severity: 'error', message: 'no `\u001B[31m`' }],
      },
    ],
  ] satisfies [string, Review][])(
    '%s keeps to the official schema, and to what code scanning asks beyond it',
    (_what, review) => {
      const log = reviewAsSarif(review, { ...options, baseline: true });
      expect(schemaErrors(log)).toEqual([]);
      expect(refusalsOfGitHub(log)).toEqual([]);
    },
  );

  it('is held to that schema: a result without a message is refused', () => {
    const log = reviewAsSarif(sampleReview(), options);
    const [run] = log.runs;
    const broken = { ...log, runs: [{ ...run, results: [{ ruleId: 'map/exact' }] }] };
    expect(schemaErrors(broken)).toMatchObject([{ instancePath: '/runs/0/results/0' }]);
  });

  it('is held to what code scanning asks: a result without columns, print or a path below the root is refused', () => {
    const log = reviewAsSarif(sampleReview(), options);
    const physicalLocation = { artifactLocation: { uri: '/mm/vmalloc.c' }, region: { startLine: 1 } };
    const bare: Result[] = [{ message: { text: 'x' }, locations: [{ physicalLocation }] }];
    const refusals = refusalsOfGitHub({ ...log, runs: [{ ...log.runs[0]!, results: bare }] });
    expect(refusals).toEqual([
      'ruleIndex',
      'primaryLocationLineHash',
      'a path below the root: /mm/vmalloc.c',
      'region.startColumn',
      'region.endLine',
      'region.endColumn',
    ]);
  });

  it('has a place for what no line of the tree did, and says so', () => {
    const where = { file: '<model>', line: 0, function: 'set_pte' };
    const log = reviewAsSarif(
      { ...sampleReview(), findings: [{ ...sampleFinding, where, stack: [] }] },
      options,
    );
    expect([schemaErrors(log), refusalsOfGitHub(log)]).toEqual([[], []]);
    expect(log.runs[0]!.results![0]!.message.text).toContain('No line of the tree did it');
  });

  it('gives the latest version alone as results, at the lines of what would be applied', () => {
    const review = sampleReview();
    const moved = { ...sampleFinding, atTip: { file: 'mm/vmalloc.c', line: 640 } };
    const found = results({
      ...review,
      findings: review.findings.map((f) => (f === sampleFinding ? moved : f)),
    });
    expect(
      found.map(({ ruleId, level, locations, baselineState }) => ({
        ruleId,
        level,
        baselineState,
        line: locations![0]!.physicalLocation!.region!.startLine,
        uri: locations![0]!.physicalLocation!.artifactLocation!.uri,
      })),
    ).toEqual([
      { ruleId: 'bisect', level: 'error', baselineState: 'new', line: 612, uri: 'mm/vmalloc.c' },
      { ruleId: 'map/exact', level: 'error', baselineState: 'new', line: 640, uri: 'mm/vmalloc.c' },
    ]);
    expect(found[0]!.message.text).toContain('Repaired by patch 2');
    // A line that is no longer there is said to be that of the patch.
    expect(found[0]!.message.text).toContain('The line is that after patch 1.');
    expect(found[1]!.message.text).not.toContain('The line is that');
  });

  it('says what the tree had before only when asked, as unchanged', () => {
    const states = results(sampleReview(), true).map(({ baselineState }) => baselineState);
    expect(states).toEqual(['new', 'new', 'unchanged']);
  });

  it('names a defect by the same fingerprint wherever its line has moved', () => {
    const prints = (line: number) =>
      results({
        ...sampleReview(),
        findings: [{ ...sampleFinding, where: { ...sampleFinding.where, line } }],
      }).map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(700)).toEqual(prints(612));
    expect(
      new Set(results(sampleReview()).map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)))
        .size,
    ).toBe(2);
  });

  it('never takes silence for success', () => {
    const { invocations } = reviewAsSarif(sampleReview(), options).runs[0]!;
    const notes = invocations![0]!.toolExecutionNotifications!.map(
      ({ descriptor, level, associatedRule }) => [descriptor!.id, level, associatedRule?.id],
    );
    expect(notes).toEqual([
      ['not-modelled', 'warning', undefined],
      ['not-modelled', 'warning', 'wx'],
      ['earlier-version', 'note', 'flush/cache-vmap'],
    ]);
    expect(invocations![0]!.executionSuccessful).toBe(true);
  });
});
