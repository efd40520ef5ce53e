// SPDX-License-Identifier: GPL-2.0-only

/** A line of a mail without the marks that say that it is quoted. */
export interface UnmarkedLine {
  /** How many times it is quoted; 0 for the writer's own words. */
  readonly depth: number;
  readonly text: string;
}

/** Takes the reply marks off a line: `>> > text` is `text`, three deep. One space after each mark belongs to the mark. */
export function takeQuoteMarks(line: string): UnmarkedLine {
  let depth = 0;
  let rest = line;
  while (rest.startsWith('>') || (rest.startsWith(' >') && depth > 0)) {
    rest = rest.slice(rest.indexOf('>') + 1);
    if (rest.startsWith(' ')) rest = rest.slice(1);
    depth += 1;
  }
  return { depth, text: rest };
}
