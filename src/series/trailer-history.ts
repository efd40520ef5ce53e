// SPDX-License-Identifier: GPL-2.0-only

import { parseAddress } from '../ingest/mail-address.ts';
import { matchPatches } from './match-patches.ts';
import type { SeriesVersion, Trailer, TrailerFate } from './series.ts';

/** A trailer that someone gave to a patch of one version. */
interface Given {
  readonly trailer: Trailer;
  readonly patch: number;
  readonly by: TrailerFate['given'];
}

/**
 * Follows what people gave to patches (`Reviewed-by` and the like, in the patch or in a reply to it) from each
 * version to the next: carried along, dropped, or gone with its patch.
 */
export function followTrailers(versions: readonly SeriesVersion[]): TrailerFate[] {
  return versions.slice(0, -1).flatMap((version, index) => {
    const next = versions[index + 1];
    return next === undefined || next.patches.length === 0 ? [] : followBetween(version, next);
  });
}

function followBetween(version: SeriesVersion, next: SeriesVersion): TrailerFate[] {
  const matched = new Map(
    matchPatches(version.patches, next.patches).map((pair) => [pair.before.index, pair.after]),
  );
  return givenTrailers(version).map(({ trailer, patch, by }) => {
    const after = matched.get(patch);
    const carried = after?.trailers.some((other) => sameTrailer(other, trailer)) === true;
    return {
      ...trailer,
      version: version.label,
      patch,
      given: by,
      next: next.label,
      outcome: after === undefined ? 'patch-gone' : carried ? 'carried' : 'dropped',
      ...(after === undefined ? {} : { nextPatch: after.index }),
    };
  });
}

/** What a version's patches carry and what replies to it give; what is given to the cover letter is for all. */
function givenTrailers(version: SeriesVersion): Given[] {
  const given: Given[] = [];
  const add = (trailer: Trailer, patch: number, by: Given['by']): void => {
    if (!isGift(trailer)) return;
    if (given.some((other) => other.patch === patch && sameTrailer(other.trailer, trailer))) return;
    given.push({ trailer, patch, by });
  };
  for (const patch of version.patches)
    for (const trailer of patch.trailers) add(trailer, patch.index, 'patch');
  for (const reply of version.replies) {
    if (reply.toPatch === undefined) continue;
    const patches = reply.toPatch === 0 ? version.patches.map(({ index }) => index) : [reply.toPatch];
    for (const patch of patches) for (const trailer of reply.trailers) add(trailer, patch, 'reply');
  }
  return given;
}

/** Trailers that someone else gives; a sign-off is the sender's own. */
function isGift({ key }: Trailer): boolean {
  return /-by$/i.test(key) && !/^signed-off-by$/i.test(key);
}

function sameTrailer(left: Trailer, right: Trailer): boolean {
  return left.key.toLowerCase() === right.key.toLowerCase() && giver(left) === giver(right);
}

/** The address names a person; without one, or where an archive hides it, the name must. */
function giver({ value }: Trailer): string {
  const person = parseAddress(value);
  const hidden = person === undefined || person.address === '' || /@x{3,}/.test(person.address);
  return (hidden ? (person?.name ?? value) : person.address).toLowerCase();
}
