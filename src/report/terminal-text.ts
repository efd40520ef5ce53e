// SPDX-License-Identifier: GPL-2.0-only

/**
 * Text from outside in a form that a terminal shows and does not obey: control characters become `^[`, `^G`, `^J`;
 * those of the upper half, marks that reorder text, and invisible ones become `<U+202E>`. Tabs stay.
 */
export function terminalText(text: string): string {
  let shown = '';
  for (const character of text) shown += shownCharacter(character);
  return shown;
}

/** As `terminalText`, but newlines stay: for text of several lines. */
export function terminalLines(text: string): string {
  return text.split('\n').map(terminalText).join('\n');
}

function shownCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x09) return character;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return '^?';
  if (isHidden(code)) return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  return character;
}

/** Characters that a terminal acts on or that hide and reorder others. */
function isHidden(code: number): boolean {
  return (
    (code >= 0x80 && code <= 0x9f) ||
    code === 0xad ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}
