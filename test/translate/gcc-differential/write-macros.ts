// SPDX-License-Identifier: GPL-2.0-only
import { INT, INTEGER_TYPES, LONG, ULLONG, ULONG, common } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Declaration } from './declare.ts';
import type { Extra, Scope } from './scope.ts';
import { EMPTY_SCOPE } from './scope.ts';
import { writeConstant } from './write-expression.ts';

/** Macros of every shape, and expressions that use them. Names end in `@`, which the batch replaces. */
export function writeMacros(choices: Choices): Declaration {
  const constant = writeConstant(choices);
  const level = choices.below(4);
  const lines = [
    `#define LIMIT@ ${constant.text}`,
    '#define MAX@(a, b) ((a) > (b) ? (a) : (b))',
    '#define SQUARE@(x) x * x',
    '#define SHL@(x, n) ((u64)(x) << ((n) & 63))',
    '#define FIELD@(x) wrong',
    '#undef FIELD@',
    '#define FIELD@(x, shift, mask) (((x) >> (shift)) & (mask))',
    '#define CAT@(a, b) a##b',
    '#define XCAT@(a, b) CAT@(a, b)',
    '#define STR@(x) #x',
    '#define XSTR@(x) STR@(x)',
    '#define FIRST@(x, ...) (x)',
    '#define REST@(x, ...) FIRST@(__VA_ARGS__)',
    '#define MIN@(x, y) ({ __typeof__(x) x_ = (x); __typeof__(y) y_ = (y); x_ < y_ ? x_ : y_; })',
    '#define SWAP@(x, y) do { __typeof__(x) swap_ = (x); (x) = (y); (y) = swap_; } while (0)',
    `#define LEVEL@ ${level}`,
    `#if LEVEL@ > 2 && defined(LIMIT@)`,
    '#define STEP@ (LEVEL@ * 10)',
    '#elif LEVEL@ == 1 || !defined(MAX@)',
    '#define STEP@ 0x100000001L',
    '#else',
    '#define STEP@ -1',
    '#endif',
    '#ifndef STEP@',
    '#error one of the branches defines it',
    '#endif',
  ];
  const extras: Extra[] = [
    () => ({ text: '(LIMIT@)', type: constant.type }),
    () => ({ text: '(STEP@)', type: level === 1 ? LONG : INT }),
    (_, deeper) => binary('MAX@', deeper),
    (_, deeper) => binary('MIN@', deeper),
    (_, deeper) => {
      const [a, b] = [deeper(), deeper()];
      return { text: `(SQUARE@(${a.text} + ${b.text}))`, type: common(a.type, b.type) };
    },
    (_, deeper) => ({ text: `SHL@(${deeper().text}, ${deeper().text})`, type: ULLONG }),
    (pick, deeper) => ({ text: `FIELD@((u64)${deeper().text}, ${pick.below(64)}, 0xfffUL)`, type: ULLONG }),
    (pick) => ({ text: `XCAT@(0x${pick.below(999)}, CAT@(U, L))`, type: ULONG }),
    (pick) => ({ text: `sizeof(STR@(a + "${'b'.repeat(pick.below(5))}" 'c'))`, type: ULONG }),
    (pick) => ({ text: `XSTR@(STEP@)[${pick.below(2)}]`, type: INT }),
    (_, deeper) => {
      const second = deeper();
      return { text: `REST@(${deeper().text}, ${second.text}, 3)`, type: second.type };
    },
  ];
  const scope: Scope = { ...EMPTY_SCOPE, extras, deeds: [writeSwap] };
  return { lines, scope };
}

function binary(macro: string, deeper: Parameters<Extra>[1]): ReturnType<Extra> {
  const [a, b] = [deeper(), deeper()];
  return { text: `${macro}(${a.text}, ${b.text})`, type: common(a.type, b.type) };
}

function writeSwap(choices: Choices, scope: Scope): string {
  const plain = scope.places.filter((place) => place.plain);
  const [x, y] = [choices.pickAny(plain), choices.pickAny(plain)];
  if (x === undefined || y === undefined) return ';';
  return `SWAP@(${x.write(() => '0')}, ${y.write(() => '0')});`;
}

/** Enumerators, counted and given, one of them negative or none. */
export function writeEnum(choices: Choices): Declaration {
  const given = choices.below(200) - 100;
  const lines = [
    'enum kind@ {',
    '\tFIRST_KIND@,',
    `\tGIVEN_KIND@ = ${given},`,
    '\tNEXT_KIND@,',
    '\tSUM_KIND@ = NEXT_KIND@ * 2 + (GIVEN_KIND@ << 1),',
    '};',
  ];
  const names = ['FIRST_KIND@', 'GIVEN_KIND@', 'NEXT_KIND@', 'SUM_KIND@'] as const;
  const type = given < 0 ? INT : (INTEGER_TYPES.find(({ name }) => name === 'u32') ?? INT);
  const extras: Extra[] = [
    (pick) => ({ text: pick.pick(names), type: INT }),
    (_, deeper) => ({ text: `(enum kind@)${deeper().text}`, type }),
  ];
  return { lines, scope: { ...EMPTY_SCOPE, extras } };
}
