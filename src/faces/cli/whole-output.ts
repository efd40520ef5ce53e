// SPDX-License-Identifier: GPL-2.0-only
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Makes a standard stream that is a file write all that it is given, or tell why it cannot. Node's own takes what a full
 * disk leaves of a write for the whole, and throws in the middle of whoever writes next.
 */
export function writeWhole(stream: NodeJS.WriteStream & { readonly fd: number }): void {
  if ((stream as object) instanceof Socket) return;
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(stream.fd, chunk, at);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}
