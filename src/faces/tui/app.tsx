// SPDX-License-Identifier: GPL-2.0-only

import { Box, render, Text, useInput } from 'ink';
import { useSyncExternalStore, type ReactElement } from 'react';
import type { Style } from '../../report/styled-text.ts';
import type { FrameSpan } from './cut-line.ts';
import type { FrameStream } from './frame-stream.ts';
import { keysOf } from './keys.ts';
import type { Session } from './session.ts';

interface Look {
  readonly color?: string;
  readonly bold?: true;
  readonly dimColor?: true;
}

/** Colours of the terminal's own palette, which suit light and dark backgrounds. */
const COLOURED: Readonly<Record<Style, Look>> = {
  heading: { bold: true },
  strong: { bold: true },
  dim: { dimColor: true },
  good: { color: 'green' },
  bad: { color: 'red', bold: true },
  warn: { color: 'yellow' },
  unknown: { color: 'magenta' },
  command: { color: 'cyan' },
  added: { color: 'green' },
  removed: { color: 'red' },
};

const PLAIN: Readonly<Record<Style, Look>> = {
  heading: { bold: true },
  strong: { bold: true },
  dim: { dimColor: true },
  good: {},
  bad: { bold: true },
  warn: {},
  unknown: {},
  command: {},
  added: {},
  removed: {},
};

interface AppProps {
  readonly session: Session;
  /** NO_COLOR is not set. */
  readonly hasColours: boolean;
}

/** The whole screen: the session's frame, line by line. */
export function App({ session, hasColours }: AppProps): ReactElement {
  const frame = useSyncExternalStore(session.subscribe, session.frame);
  useInput((input, flags) => session.press(keysOf(input, flags)));
  const looks = hasColours ? COLOURED : PLAIN;
  return (
    <Box flexDirection="column">
      {frame.map((spans, index) => (
        // Lines have no identity but their place.
        <FrameLine key={index} spans={spans} looks={looks} />
      ))}
    </Box>
  );
}

function FrameLine({
  spans,
  looks,
}: {
  readonly spans: readonly FrameSpan[];
  readonly looks: Readonly<Record<Style, Look>>;
}): ReactElement {
  return (
    <Text wrap="truncate-end">
      {spans.length === 0 ? ' ' : ''}
      {spans.map(({ text, style, inverse = false, match = false }, index) => (
        <Text key={index} {...(style === undefined ? {} : looks[style])} inverse={inverse} underline={match}>
          {text}
        </Text>
      ))}
    </Text>
  );
}

/** Shows a session. In its debug mode ink writes each frame whole; the stream knows what of it is new. Returns what ends it. */
export function showApp(session: Session, stream: FrameStream, hasColours: boolean): () => void {
  const stdout = stream as unknown as NodeJS.WriteStream;
  const instance = render(<App session={session} hasColours={hasColours} />, {
    stdout,
    stdin: process.stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return () => instance.unmount();
}
