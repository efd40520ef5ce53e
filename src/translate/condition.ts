// SPDX-License-Identifier: GPL-2.0-only
import { fromBig, type U64 } from '../base/u64.ts';
import type { Macros } from './macro.ts';
import { parseNumber } from './number.ts';
import { TranslateError, type Token } from './token.ts';

/** The value of an `#if` line. Identifiers that are no macros count as 0. */
export function evaluateCondition(line: readonly Token[], macros: Macros, hash: Token): boolean {
  const replaced: Token[] = [];
  for (let at = 0; at < line.length; at++) {
    const token = line[at]!;
    if (token.text !== 'defined') {
      replaced.push(token);
      continue;
    }
    const parenthesised = line[at + 1]?.text === '(';
    const name = line[at + (parenthesised ? 2 : 1)]?.text ?? '';
    at += parenthesised ? 3 : 1;
    replaced.push({ ...token, kind: 'number', text: macros.isDefined(name) ? '1' : '0' });
  }
  const tokens = macros.expand(replaced);
  const reader = new ConditionReader(tokens, hash);
  return reader.read() !== 0n;
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '>': 7, '<=': 7, '>=': 7,
  '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
}; // prettier-ignore

class ConditionReader {
  readonly #tokens: readonly Token[];
  readonly #hash: Token;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], hash: Token) {
    this.#tokens = tokens;
    this.#hash = hash;
  }

  read(): bigint {
    const value = this.#ternary();
    if (this.#at < this.#tokens.length)
      throw this.#error(`unexpected \`${this.#tokens[this.#at]!.text}\` in #if`);
    return value;
  }

  #error(message: string): TranslateError {
    return new TranslateError(message, this.#tokens[this.#at] ?? this.#hash);
  }

  #ternary(): bigint {
    const condition = this.#binary(1);
    if (this.#tokens[this.#at]?.text !== '?') return condition;
    this.#at++;
    const yes = this.#ternary();
    this.#expect(':');
    const no = this.#ternary();
    return condition !== 0n ? yes : no;
  }

  #binary(minimum: number): bigint {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#at]?.text ?? '';
      const precedence = Object.hasOwn(PRECEDENCE, operator) ? PRECEDENCE[operator]! : 0;
      if (precedence < minimum || precedence === 0) return left;
      this.#at++;
      const right = this.#binary(precedence + 1);
      left = this.#apply(operator, left, right);
    }
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    const truth = (value: boolean): bigint => (value ? 1n : 0n);
    switch (operator) {
      case '||': return truth(left !== 0n || right !== 0n);
      case '&&': return truth(left !== 0n && right !== 0n);
      case '|': return left | right;
      case '^': return left ^ right;
      case '&': return left & right;
      case '==': return truth(left === right);
      case '!=': return truth(left !== right);
      case '<': return truth(left < right);
      case '>': return truth(left > right);
      case '<=': return truth(left <= right);
      case '>=': return truth(left >= right);
      case '<<': return BigInt.asIntN(64, left << (right & 63n));
      case '>>': return left >> (right & 63n);
      case '+': return BigInt.asIntN(64, left + right);
      case '-': return BigInt.asIntN(64, left - right);
      case '*': return BigInt.asIntN(64, left * right);
      default:
        // Division by zero in a branch that && or || skips is no error in C; the value does not matter there.
        if (right === 0n) return 0n;
        return operator === '/' ? left / right : left % right;
    }
  } // prettier-ignore

  #unary(): bigint {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#error('#if without a complete expression');
    if (++this.#depth > 200) throw this.#error('#if nested too deeply');
    this.#at++;
    const value = this.#primary(token);
    this.#depth--;
    return value;
  }

  #primary(token: Token): bigint {
    switch (token.text) {
      case '!': return this.#unary() === 0n ? 1n : 0n;
      case '-': return -this.#unary();
      case '+': return this.#unary();
      case '~': return ~this.#unary();
      case '(': {
        const value = this.#ternary();
        this.#expect(')');
        return value;
      }
      default:
    } // prettier-ignore
    if (token.kind === 'number' || token.kind === 'character') return BigInt(numberOf(token));
    if (token.kind !== 'identifier') throw this.#error(`unexpected \`${token.text}\` in #if`);
    // `__has_attribute(x)` and other function-like tests of the compiler: no.
    if (this.#tokens[this.#at]?.text === '(') this.#skipParentheses();
    return 0n;
  }

  #skipParentheses(): void {
    let depth = 0;
    do {
      const text = this.#tokens[this.#at++]?.text;
      if (text === undefined) throw this.#error('unbalanced parentheses in #if');
      if (text === '(') depth++;
      if (text === ')') depth--;
    } while (depth > 0);
  }

  #expect(text: string): void {
    if (this.#tokens[this.#at]?.text !== text) throw this.#error(`expected \`${text}\` in #if`);
    this.#at++;
  }
}

function numberOf(token: Token): U64 {
  return fromBig(BigInt(parseNumber(token).value));
}
