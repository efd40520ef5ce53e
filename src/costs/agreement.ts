// SPDX-License-Identifier: GPL-2.0-only

/**
 * How a modelled ratio stands to a claimed one. `less` and `more`: both say the same direction. `differs`: one says
 * faster and the other does not.
 */
export type Agreement = 'agrees' | 'less' | 'more' | 'differs';

/** A change of less than a hundredth is none. */
const NO_CHANGE = Math.log(1.01);
/** Of the claimed gain, on a logarithmic scale: 2x agrees with 1.74x to 2.38x, 1.2x with 1.15x to 1.26x. */
const LEAST = 0.8;
const MOST = 1.25;

/** @param modelled time before / time after; @param claimed the same, as stated */
export function agreementOf(modelled: number, claimed: number): Agreement {
  const [is, said] = [Math.log(modelled), Math.log(claimed)];
  if (direction(is) !== direction(said)) return 'differs';
  if (direction(said) === 0) return 'agrees';
  const share = is / said;
  if (share < LEAST) return 'less';
  return share > MOST ? 'more' : 'agrees';
}

function direction(gain: number): -1 | 0 | 1 {
  if (Math.abs(gain) < NO_CHANGE) return 0;
  return gain > 0 ? 1 : -1;
}
