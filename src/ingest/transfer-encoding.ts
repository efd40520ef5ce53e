// SPDX-License-Identifier: GPL-2.0-only

/**
 * Undoes the transfer encoding of a mail's only part. Mails of several parts go through the library; a plain one,
 * of which an archive has thousands, need not.
 */
export function decodeTransfer(bytes: Buffer, encoding: 'base64' | 'quoted-printable' | '8bit'): Buffer {
  switch (encoding) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    case '8bit':
      return bytes;
  }
}

const EQUALS = 0x3d;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** An `=` with two hexadecimal digits is a byte, one at a line's end joins lines, any other stays as it stands. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const result = Buffer.alloc(bytes.length);
  let length = 0;
  let from = 0;
  for (let at = bytes.indexOf(EQUALS); at !== -1; at = bytes.indexOf(EQUALS, from)) {
    length += bytes.copy(result, length, from, at);
    const next = bytes[at + 1];
    const value = hexDigit(next) * 16 + hexDigit(bytes[at + 2]);
    if (next === NEWLINE) {
      from = at + 2;
    } else if (next === RETURN && bytes[at + 2] === NEWLINE) {
      from = at + 3;
    } else if (value >= 0) {
      result[length] = value;
      length += 1;
      from = at + 3;
    } else {
      result[length] = EQUALS;
      length += 1;
      from = at + 1;
    }
  }
  length += bytes.copy(result, length, from);
  return result.subarray(0, length);
}

/** The digit's value; far below zero if it is none, so that a sum with one stays negative. */
function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1000;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1000;
}
