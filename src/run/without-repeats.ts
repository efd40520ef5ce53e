// SPDX-License-Identifier: GPL-2.0-only
import { createHash } from 'node:crypto';

/** The requests without repetitions, and where each of the given ones is among them. */
export function withoutRepeats<Request>(requests: readonly Request[]): {
  readonly different: readonly Request[];
  readonly places: readonly number[];
} {
  const known = new Map<string, number>();
  const different: Request[] = [];
  const places = requests.map((request) => {
    const key = createHash('sha256').update(JSON.stringify(request)).digest('base64');
    let place = known.get(key);
    if (place === undefined) {
      place = different.push(request) - 1;
      known.set(key, place);
    }
    return place;
  });
  return { different, places };
}
