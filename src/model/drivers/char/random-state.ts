// SPDX-License-Identifier: GPL-2.0-only
import { Prng } from '../../../base/prng.ts';
import { partOfState } from '../../part-of-state.ts';

/** Where random numbers come from; who wants others than after every boot gives it another generator. */
export const randomState = partOfState((): { prng: Prng } => ({ prng: new Prng(0) }));
