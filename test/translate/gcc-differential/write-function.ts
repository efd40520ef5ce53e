// SPDX-License-Identifier: GPL-2.0-only
import type { Aggregate } from './aggregate.ts';
import { placesInside } from './aggregate.ts';
import type { IntegerType } from './c-integer.ts';
import { INTEGER_TYPES, LLONG } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Declaration } from './declare.ts';
import { declareAggregate, declareArray, declareInteger } from './declare.ts';
import type { Deed, Extra, Place, Scope } from './scope.ts';
import { EMPTY_SCOPE, element, joinScopes, variable } from './scope.ts';
import type { Body } from './write-statement.ts';
import { writeStatements } from './write-statement.ts';
import { writeExpression, writeIndex } from './write-expression.ts';

type Fresh = (stem: string) => string;

const indent = (lines: readonly string[]): string[] => lines.map((line) => `\t${line}`);

/** A function of two numbers that changes nothing, so that expressions may call it in any order. */
export function writePureFunction(
  choices: Choices,
  scope: Scope,
  fresh: Fresh,
): Declaration & { name: string } {
  const name = fresh('pure@');
  const inside = joinScopes(scope, {
    ...EMPTY_SCOPE,
    places: [variable('n', INTEGER_TYPES[0]), variable('m', LLONG)],
  });
  const body = newBody(choices, fresh, 1);
  const statements = writeStatements(body, inside);
  const result = writeExpression(choices, inside).text;
  const call: Extra = (_, deeper) => ({
    text: `${name}((int)${deeper().text}, ${deeper().text})`,
    type: LLONG,
  });
  return {
    name,
    lines: [
      `static long long ${name}(int n, long long m)`,
      '{',
      ...indent([...body.head, ...statements, `return ${result};`]),
      '}',
    ],
    scope: { ...EMPTY_SCOPE, extras: [call] },
  };
}

/** A function that calls itself at most a few times. */
export function writeRecursiveFunction(choices: Choices, scope: Scope, fresh: Fresh): Declaration {
  const name = fresh('rec@');
  const type = choices.pick(INTEGER_TYPES);
  const inside = joinScopes(scope, { ...EMPTY_SCOPE, places: [variable('x', type)] });
  const again = (less: number): string =>
    `${name}(depth - ${less}, ${writeExpression(choices, inside, 2).text})`;
  const twice = choices.chance(40) ? ` ${choices.pick(['+', '^', '-'])} ${again(2)}` : '';
  const call: Extra = (pick, deeper) => ({ text: `${name}(${pick.below(6)}, ${deeper().text})`, type });
  return {
    lines: [
      `static ${type.name} ${name}(int depth, ${type.name} x)`,
      '{',
      '\tif (depth <= 0)',
      `\t\treturn ${writeExpression(choices, inside, 2).text};`,
      `\treturn ${again(1)}${twice};`,
      '}',
    ],
    scope: { ...EMPTY_SCOPE, extras: [call] },
  };
}

/** A function that works on its caller's array and object through pointers and remembers in static locals. */
export function writeWorkFunction(
  choices: Choices,
  scope: Scope,
  fresh: Fresh,
  of: Aggregate,
): { lines: string[]; deed: (array: string, object: string) => Deed; elementType: IntegerType } {
  const name = fresh('work@');
  const type = choices.pick(INTEGER_TYPES);
  const [passed, kept] = [choices.pick(INTEGER_TYPES), choices.pick(INTEGER_TYPES)];
  const inside = joinScopes(scope, {
    ...EMPTY_SCOPE,
    places: [
      element('p', type, 4),
      { type, write: () => '(*p)', writable: true, plain: false },
      ...placesInside(() => 'o->', of),
      variable('v', passed),
      variable('kept', kept),
    ],
  });
  const body = newBody(choices, fresh, 1);
  const statements = writeStatements(body, inside);
  const initial = choices.below(100);
  const lines = [
    `static long long ${name}(${type.name} *p, ${of.name} *o, ${passed.name} v)`,
    '{',
    ...indent([`static ${kept.name} kept = ${initial};`, ...body.head, ...statements]),
    `\treturn ${writeExpression(choices, inside, 2).text};`,
    '}',
  ];
  const deed = (array: string, object: string): Deed => {
    return (pick, now) => {
      const argument = writeExpression(pick, now, 2).text;
      return `sum += ${name}(${array} + (${writeIndex(pick, now, 4, 3)}), &${object}, ${argument});`;
    };
  };
  return { lines, deed, elementType: type };
}

/** The locals of the function that a program is judged by. */
export function writeLocals(
  choices: Choices,
  scope: Scope,
  fresh: Fresh,
  aggregates: readonly Aggregate[],
): Declaration {
  let declared: Declaration = { lines: [], scope };
  const count = 1 + choices.below(5);
  for (let index = 0; index < count; index += 1) {
    const of = choices.pickAny(aggregates);
    const next = choices.pick<() => Declaration>([
      () => declareInteger(choices, declared.scope, fresh),
      () => declareArray(choices, declared.scope, fresh),
      () =>
        of === undefined
          ? declareInteger(choices, declared.scope, fresh)
          : declareAggregate(choices, declared.scope, fresh, of),
    ])();
    declared = { lines: [...declared.lines, ...next.lines], scope: joinScopes(declared.scope, next.scope) };
  }
  return declared;
}

/** Adds everything that can be read, so that no write goes unseen. */
export function checksumLines(places: readonly Place[]): string[] {
  return places.flatMap((place) => {
    const ends = new Set([place.write(() => '0'), place.write((length) => String(length - 1))]);
    return [...ends].map((text) => `sum = sum * 31 + (long long)${text};`);
  });
}

export function newBody(choices: Choices, fresh: Fresh, maxLoopDepth: number): Body {
  return {
    choices,
    fresh,
    head: [],
    writeLeave: (scope) => `return ${writeExpression(choices, scope, 2).text}`,
    maxLoopDepth,
  };
}
