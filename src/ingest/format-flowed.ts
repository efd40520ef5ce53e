// SPDX-License-Identifier: GPL-2.0-only

export interface Unflowed {
  readonly text: string;
  /** How many line ends were soft. */
  readonly joined: number;
}

/**
 * Undoes format=flowed (RFC 3676) as git does when it reads patches: a space put before a line is taken off, and
 * a line that ends in a space goes on in the next. Quoted lines and the signature mark are left alone.
 */
export function unflow(text: string, delSp: boolean): Unflowed {
  const result: string[] = [];
  let pending = '';
  let joined = 0;
  for (const line of text.split('\n')) {
    if (line === '-- ' || line.startsWith('>')) {
      result.push(pending + line);
      pending = '';
      continue;
    }
    const unstuffed = line.startsWith(' ') ? line.slice(1) : line;
    if (unstuffed.endsWith(' ')) {
      pending += delSp ? unstuffed.slice(0, -1) : unstuffed;
      joined += 1;
    } else {
      result.push(pending + unstuffed);
      pending = '';
    }
  }
  if (pending !== '') result.push(pending);
  return { text: result.join('\n'), joined };
}
