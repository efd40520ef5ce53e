// SPDX-License-Identifier: GPL-2.0-only

import { render, Static, Text, useInput } from 'ink';
import { useEffect, useState, type ReactElement } from 'react';
import { keysOf } from './keys.ts';
import type { Session } from './session.ts';
import { heardNow, linesToSay } from './spoken.ts';

/** The session as a text that only grows, line after line, for a screen reader. */
export function SpokenApp({ session }: { readonly session: Session }): ReactElement {
  const [said, setSaid] = useState<string[]>(() => linesToSay(undefined, heardNow(session)));
  useInput((input, flags) => session.press(keysOf(input, flags)));
  useEffect(() => {
    let heard = heardNow(session);
    return session.subscribe(() => {
      const now = heardNow(session);
      const lines = linesToSay(heard, now);
      heard = now;
      if (lines.length > 0) setSaid((before) => [...before, ...lines]);
    });
  }, [session]);
  return <Static items={said}>{(line, index) => <Text key={index}>{line === '' ? ' ' : line}</Text>}</Static>;
}

/** Speaks a session on stdout. Returns what ends it. */
export function showSpoken(session: Session): () => void {
  const instance = render(<SpokenApp session={session} />, {
    isScreenReaderEnabled: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return () => instance.unmount();
}
