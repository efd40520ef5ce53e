// SPDX-License-Identifier: GPL-2.0-only

// How files are named that hold some of what mm/vmalloc.c is for (review-split.ts), for those who have no tree to look into and
// little time: a hook asks it of every push.

/** May the path be one of such a file, by its name? For those who have no tree to look into. */
export function isNamedLikeSplit(path: string): boolean {
  return SPLIT_NAME.test(path);
}

const SPLIT_NAME = /^mm\/(?:v(?:malloc|map)\w*\/\w+|\w*v(?:malloc|map)\w*)\.[ch]$/;

/** The same for git: a `*` stands for slashes too. */
export const splitPatterns: readonly string[] = [
  'mm/*vmalloc*.[ch]',
  'mm/*vmap*.[ch]',
  'mm/vmalloc/*',
  'mm/vmap/*',
];
