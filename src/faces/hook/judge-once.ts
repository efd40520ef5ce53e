// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Review } from '../../report/review-schema.ts';
import { readVersion } from '../cli/version.ts';
import { askGitForLines } from './ask-git.ts';
import { judgeSeries, type Judgement, type SeriesToJudge } from './judge-series.ts';
import type { HookSettings } from './settings.ts';

/**
 * As `judgeSeries`, but the last review is kept in the repository: b4 asks once for each patch, and the answers to all
 * of them are one review. The sources must name commits by their full names.
 */
export async function judgeOnce(series: SeriesToJudge, settings: HookSettings): Promise<Judgement> {
  const [path] = askGitForLines(['rev-parse', '--git-path', 'rewalk/b4']);
  if (path === undefined) return judgeSeries(series, settings);
  const folder = resolve(path);
  const key = createHash('sha256')
    .update(JSON.stringify([readVersion(), series, settings]))
    .digest('hex');
  const file = join(folder, `${key}.json`);
  const kept = readReview(file);
  if (kept !== undefined) return { review: kept };
  const judgement = await judgeSeries(series, settings);
  if ('review' in judgement) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const next = `${file}.${process.pid}`;
    writeFileSync(next, JSON.stringify(judgement.review));
    renameSync(next, file);
  }
  return judgement;
}

function readReview(file: string): Review | undefined {
  try {
    return Review.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
