// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cacheDirectory } from './ingest/kernel-cache.ts';
import { KeptTexts } from './ingest/kept-texts.ts';
import { programStamp } from './ingest/program-stamp.ts';
import type { RunJobs } from './review.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import { withoutRepeats } from './run/without-repeats.ts';

/** Bytes. A review of a series leaves some five megabytes. */
const LIMIT = 256 * 1024 * 1024;

/** Results of jobs on disk, from one review to the next. */
export interface KeptResults {
  /** How many were found until now. */
  readonly found: number;
  get(request: JobRequest): JobResult | undefined;
  put(request: JobRequest, result: JobResult): void;
}

/** Undefined where nothing is to be kept: by `REWALK_NO_CACHE`, or since it is not known which program this is. */
export function openKeptResults(environment: NodeJS.ProcessEnv): KeptResults | undefined {
  const program = programStamp();
  if (program === undefined || environment['REWALK_NO_CACHE']) return undefined;
  return keptIn(join(cacheDirectory(environment), 'results'), program);
}

/** @param program says which program makes the results; those of another one are not found */
export function keptIn(directory: string, program: string): KeptResults {
  const texts = new KeptTexts(directory, LIMIT);
  const nameOf = (request: JobRequest): string =>
    createHash('sha256').update(JSON.stringify({ program, request })).digest('hex');
  let found = 0;
  return {
    get found() {
      return found;
    },
    get: (request) => {
      const text = texts.get(nameOf(request));
      if (text === undefined) return undefined;
      found += 1;
      return JSON.parse(text) as JobResult;
    },
    put: (request, result) => texts.put(nameOf(request), JSON.stringify(result)),
  };
}

/**
 * Looks jobs up before they are run, and keeps what was run as soon as it is there. A job is a pure function of its request,
 * so that the outcome is the same to the byte.
 */
export function keepingResults(
  runJobs: RunJobs,
  kept: KeptResults,
  onDone: (done: number, total: number) => void,
): RunJobs {
  return async (jobs, onResult) => {
    const { different, places } = withoutRepeats(jobs);
    const results = different.map((request) => kept.get(request));
    const tell = (place: number, result: JobResult): void => {
      for (const [at, of] of places.entries()) if (of === place) onResult?.(at, result);
    };
    const missing: number[] = [];
    for (const [place, result] of results.entries()) {
      if (result === undefined) missing.push(place);
      else tell(place, result);
    }
    let done = different.length - missing.length;
    if (done > 0) onDone(done, different.length);
    await runJobs(
      missing.map((place) => different[place]!),
      (index, result) => {
        const place = missing[index]!;
        results[place] = result;
        kept.put(different[place]!, result);
        tell(place, result);
        onDone(++done, different.length);
      },
    );
    return places.map((place) => results[place]);
  };
}
