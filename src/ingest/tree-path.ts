// SPDX-License-Identifier: GPL-2.0-only

/**
 * A path inside a source tree in its plain form (no `./`, no doubled or trailing slash), or undefined if it
 * could lead out of the tree: absolute, with `..`, with a NUL or another control character, or empty.
 */
export function plainTreePath(path: string): string | undefined {
  if (path.length > 4096 || path.startsWith('/') || path.includes('\\')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' || part.toLowerCase() === '.git' || hasControlCharacter(part)) return undefined;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
