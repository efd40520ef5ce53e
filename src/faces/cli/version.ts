// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';

/** rewalk's own version, as package.json states it. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
