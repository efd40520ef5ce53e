// SPDX-License-Identifier: GPL-2.0-only
import { Prng } from '../../../base/prng.ts';

/** Where random numbers come from; who wants others than after every boot gives it another generator. */
export const makeRandomState = (): { prng: Prng } => ({ prng: new Prng(0) });
