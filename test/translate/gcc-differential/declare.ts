// SPDX-License-Identifier: GPL-2.0-only
import type { Aggregate } from './aggregate.ts';
import { placesInside, writeInitialiser } from './aggregate.ts';
import { INT, INTEGER_TYPES, LONG } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Deed, Place, Scope } from './scope.ts';
import { element, variable } from './scope.ts';
import { writeExpression, writeIndex } from './write-expression.ts';

/** Lines that declare something, and what it offers to the code behind them. */
export interface Declaration {
  readonly lines: readonly string[];
  readonly scope: Scope;
}

type Fresh = (stem: string) => string;

/** A variable of some integer type, and perhaps a pointer that is moved between it and a second one. */
export function declareInteger(choices: Choices, scope: Scope, fresh: Fresh): Declaration {
  const type = choices.pick(INTEGER_TYPES);
  const [x, y] = [fresh('x'), fresh('y')];
  const value = (): string => writeExpression(choices, scope, 2).text;
  const first = `${type.name} ${x} = ${value()};`;
  if (!choices.chance(30)) {
    return { lines: [first], scope: { places: [variable(x, type)], extras: [], deeds: [] } };
  }
  const [p, pp] = [fresh('p'), fresh('pp')];
  const through = (text: string): Place => ({ type, write: () => text, writable: true, plain: false });
  return {
    lines: [
      first,
      `${type.name} ${y} = ${value()};`,
      `${type.name} *${p} = &${x};`,
      `${type.name} **${pp} = &${p};`,
    ],
    scope: {
      places: [
        variable(x, type),
        variable(y, type),
        through(`(*${p})`),
        through(`(**${pp})`),
        through(`${p}[0]`),
      ],
      extras: [
        (pick) => ({
          text: pick.pick([`(${p} == &${x})`, `(*${pp} != &${y})`, `(!${p})`, `(${p} ? 5 : 6)`]),
          type: INT,
        }),
      ],
      deeds: [
        (pick) => `${p} = &${pick.pick([x, y])};`,
        (pick, now) => `${p} = ${writeExpression(pick, now, 2).text} ? &${x} : &${y};`,
        (pick) => `*${pp} = &${pick.pick([x, y])};`,
      ],
    },
  };
}

/** An array with a pointer that stays in its first half, so that the pointer reaches half the array from anywhere. */
export function declareArray(choices: Choices, scope: Scope, fresh: Fresh): Declaration {
  const type = choices.pick(INTEGER_TYPES);
  const half = choices.pick([2, 4, 3]);
  const [a, q] = [fresh('a'), fresh('q')];
  const value = (): string => writeExpression(choices, scope, 3).text;
  // Held in a variable, because the value may be read through the pointer that the same statement moves.
  const held: Deed = (pick, now) => `${type.name} held = ${writeExpression(pick, now, 2).text};`;
  const places = [
    element(a, type, 2 * half),
    element(q, type, half),
    { type, write: () => `(*${q})`, writable: true, plain: false },
    { type, write: () => `(*(${q} + ${half - 1}))`, writable: true, plain: false },
    { type, write: () => `${a}[${q} - ${a}]`, writable: true, plain: false },
  ];
  const initialiser = choices.pick([
    `{ ${value()}, ${value()} }`,
    `{ [${half}] = ${value()}, ${value()}, [1] = ${value()} }`,
    '{ 0 }',
  ]);
  return {
    lines: [
      `${type.name} ${a}[${2 * half}] = ${initialiser};`,
      `${type.name} *${q} = ${a} + ${choices.below(half)};`,
    ],
    scope: {
      places,
      extras: [
        () => ({ text: `(${q} - ${a})`, type: LONG }),
        () => ({ text: `(${q} < &${a}[${half}])`, type: INT }),
        () => ({ text: `(long)(sizeof(${a}) / sizeof(${a}[0]))`, type: LONG }),
      ],
      deeds: [
        (pick, now) => `${q} = &${a}[${writeIndex(pick, now, half, 2)}];`,
        () => `if (${q} < ${a} + ${half - 1}) ${q}++;`,
        () => `if (${q} != ${a}) --${q};`,
        (pick, now) => `if (${q} - ${a} < ${half - 1}) { ${held(pick, now)} *${q}++ = held; }`,
        (pick, now) => `if (${q} > ${a}) { ${held(pick, now)} *--${q} ^= held; }`,
      ],
    },
  };
}

/** Two objects and an array of one struct or union, and a pointer that is moved between them. */
export function declareAggregate(choices: Choices, scope: Scope, fresh: Fresh, of: Aggregate): Declaration {
  const [s, t, r, p] = [fresh('so'), fresh('to'), fresh('row'), fresh('ps')];
  const value = (): string => writeExpression(choices, scope, 3).text;
  return {
    lines: [
      `${of.name} ${s} = ${writeInitialiser(choices, of, value)};`,
      `${of.name} ${t} = ${choices.pick([s, `(${of.name})${writeInitialiser(choices, of, value)}`])};`,
      `${of.name} ${r}[3] = { [${choices.below(3)}] = ${writeInitialiser(choices, of, value)} };`,
      `${of.name} *${p} = &${choices.pick([s, `${r}[1]`])};`,
    ],
    scope: {
      places: [
        ...placesInside(() => `${s}.`, of),
        ...placesInside(() => `${p}->`, of),
        ...placesInside((index) => `${r}[${index(3)}].`, of),
        ...placesInside(() => `(*${p}).`, of),
      ],
      extras: [(pick) => ({ text: pick.pick([`(${p} == &${s})`, `(${p} == ${r} + 1)`]), type: INT })],
      deeds: [
        (pick, now) => `${p} = &${pick.pick([s, t, `${r}[${writeIndex(pick, now, 3, 2)}]`])};`,
        () => `${s} = ${t};`,
        () => `*${p} = ${t};`,
        (pick, now) => `${r}[${writeIndex(pick, now, 3, 2)}] = *${p};`,
        (pick, now) =>
          `*${p} = (${of.name})${writeInitialiser(pick, of, () => writeExpression(pick, now, 3).text)};`,
      ],
    },
  };
}
