// SPDX-License-Identifier: GPL-2.0-only

import type { SeriesInput } from '../../read-series.ts';

/** The parts of a series as it was posted, as they come from what reads it. */
export type Series = SeriesInput['series'][number];
export type SeriesVersion = Series['versions'][number];
export type Patch = SeriesVersion['patches'][number];
export type FunctionChange = Patch['functions'][number];
export type ChangedFile = Patch['files'][number];
export type Hunk = ChangedFile['hunks'][number];
export type ReviewComment = SeriesVersion['comments'][number];
