// SPDX-License-Identifier: GPL-2.0-only

const DAY = 24 * 60 * 60 * 1000;
const SPANS: Readonly<Record<string, number>> = { h: DAY / 24, d: DAY, w: 7 * DAY };

/**
 * A moment as the command line names it, in RFC 3339, UTC: `2026-05-21`, `2026-05-21T12:00Z`, or `7d`, `12h`, `2w` before `now`.
 * A day means its first moment, or with `whole` the first moment after it. Undefined where the text is none of these.
 *
 * @param now - milliseconds since 1970
 */
export function parseMoment(text: string, now: number, whole: boolean): string | undefined {
  const ago = /^(\d{1,4})([hdw])$/.exec(text);
  if (ago !== null) return rfc3339(now - Number(ago[1]) * (SPANS[ago[2] ?? ''] ?? 0));
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!day && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const moment = Date.parse(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(moment)) return undefined;
  const written = rfc3339(moment);
  // 31 February is no day, though a clock would count on.
  if (day && !written.startsWith(text)) return undefined;
  return day && whole ? rfc3339(moment + DAY) : written;
}

function rfc3339(moment: number): string {
  return new Date(moment).toISOString();
}
