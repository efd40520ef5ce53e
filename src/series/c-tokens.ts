// SPDX-License-Identifier: GPL-2.0-only

/** One token of C text: a word, a number, a literal, a punctuation character, or a whole preprocessor directive. */
export interface CToken {
  readonly kind: 'word' | 'number' | 'literal' | 'mark' | 'directive';
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** Line of the token's last character. */
  readonly endLine: number;
}

/**
 * Splits unpreprocessed C into tokens. Comments are dropped; a directive, with the lines it is continued on, is one
 * token. Never fails: what is not C (an unclosed string, odd characters) comes out as single marks.
 */
export function tokenizeC(text: string): CToken[] {
  const scan = new Tokenizer(text);
  return scan.run();
}

const NEWLINE = 0x0a;

class Tokenizer {
  private readonly text: string;
  private readonly tokens: CToken[] = [];
  private at = 0;
  private line = 1;
  private lineHasToken = false;

  constructor(text: string) {
    this.text = text;
  }

  run(): CToken[] {
    while (this.at < this.text.length) this.step();
    return this.tokens;
  }

  private step(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === NEWLINE) {
      this.line += 1;
      this.at += 1;
      this.lineHasToken = false;
    } else if (code <= 0x20) {
      this.at += 1;
    } else if (this.text.startsWith('/*', this.at)) {
      this.skipBlockComment();
    } else if (this.text.startsWith('//', this.at)) {
      const end = this.endOfLogicalLine(this.at);
      this.countLines(this.at, end);
      this.at = end;
    } else if (code === 0x5c && this.text.charCodeAt(this.at + 1) === NEWLINE) {
      this.line += 1;
      this.at += 2;
    } else if (code === 0x23 && !this.lineHasToken) {
      this.takeDirective();
    } else {
      this.lineHasToken = true;
      this.takeToken(code);
    }
  }

  private skipBlockComment(): void {
    const close = this.text.indexOf('*/', this.at + 2);
    const end = close === -1 ? this.text.length : close + 2;
    this.countLines(this.at, end);
    this.at = end;
  }

  private takeDirective(): void {
    const start = this.at;
    const firstLine = this.line;
    const end = this.endOfDirective(start);
    this.countLines(start, end);
    this.at = end;
    const text = this.text.slice(start, end);
    this.tokens.push({ kind: 'directive', text, line: firstLine, endLine: this.line });
  }

  /** A directive ends with its line, unless the line is continued or a block comment goes over its end. */
  private endOfDirective(start: number): number {
    let end = start;
    while (end < this.text.length && this.text.charCodeAt(end) !== NEWLINE) {
      const code = this.text.charCodeAt(end);
      if (code === 0x5c && this.text.charCodeAt(end + 1) === NEWLINE) end += 2;
      else if (this.text.startsWith('/*', end)) {
        const close = this.text.indexOf('*/', end + 2);
        end = close === -1 ? this.text.length : close + 2;
      } else if (this.text.startsWith('//', end)) end = this.endOfLogicalLine(end);
      else if (code === 0x22) end = this.endOfLiteral(end, code);
      else end += 1;
    }
    return end;
  }

  private takeToken(code: number): void {
    const start = this.at;
    const firstLine = this.line;
    let kind: CToken['kind'] = 'mark';
    if (isWordStart(code)) {
      kind = 'word';
      while (isWordPart(this.text.charCodeAt(this.at))) this.at += 1;
    } else if (isDigit(code)) {
      kind = 'number';
      while (this.isNumberPart()) this.at += 1;
    } else if (code === 0x22 || code === 0x27) {
      kind = 'literal';
      this.at = this.endOfLiteral(start, code);
      this.countLines(start, this.at);
    } else {
      this.at += 1;
    }
    const text = this.text.slice(start, this.at);
    this.tokens.push({ kind, text, line: firstLine, endLine: this.line });
  }

  /** Of a number, a separator between digits too. */
  private isNumberPart(): boolean {
    const code = this.text.charCodeAt(this.at);
    return (
      isWordPart(code) || code === 0x2e || (code === 0x27 && isWordPart(this.text.charCodeAt(this.at + 1)))
    );
  }

  /** Offset after a string or character literal; one that is not closed on its line ends with the line. */
  private endOfLiteral(start: number, quote: number): number {
    let end = start + 1;
    while (end < this.text.length) {
      const code = this.text.charCodeAt(end);
      if (code === quote) return end + 1;
      if (code === NEWLINE) return end;
      end += code === 0x5c ? 2 : 1;
    }
    return this.text.length;
  }

  private endOfLogicalLine(start: number): number {
    let end = this.text.indexOf('\n', start);
    while (end !== -1 && this.text.charCodeAt(end - 1) === 0x5c) end = this.text.indexOf('\n', end + 1);
    return end === -1 ? this.text.length : end;
  }

  private countLines(start: number, end: number): void {
    for (let index = this.text.indexOf('\n', start); index !== -1 && index < end;) {
      this.line += 1;
      index = this.text.indexOf('\n', index + 1);
    }
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isWordStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x24;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code);
}
