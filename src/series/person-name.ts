// SPDX-License-Identifier: GPL-2.0-only

/**
 * A person's name in the form in which names are compared: mail programs, relays and web archives add an employer in
 * brackets or say who passed a mail on, and leave it out the next time.
 */
export function plainName(name: string): string {
  return name
    .slice(0, 200)
    .replace(/ via .*$/i, '')
    .replace(/\([^()]{0,60}\)\s*$/, '')
    .trim()
    .toLowerCase();
}
