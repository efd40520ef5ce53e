// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import type { Aggregate } from './aggregate.ts';
import { layoutExpressions, placesInside, writeStruct, writeUnion } from './aggregate.ts';
import { INTEGER_TYPES, LLONG, ULONG } from './c-integer.ts';
import { Choices } from './choices.ts';
import type { Declaration } from './declare.ts';
import type { Extra, Scope } from './scope.ts';
import { EMPTY_SCOPE, element, joinScopes, variable } from './scope.ts';
import { writeConstant } from './write-expression.ts';
import {
  checksumLines,
  newBody,
  writeLocals,
  writePureFunction,
  writeRecursiveFunction,
  writeWorkFunction,
} from './write-function.ts';
import { writeEnum, writeMacros } from './write-macros.ts';
import { writeStatements } from './write-statement.ts';

/**
 * A C program without undefined behaviour (as gcc's -fwrapv -fno-strict-aliasing has it). Every name at file scope ends
 * in `@`, which must be replaced before the text is C.
 */
export interface CProgram {
  readonly template: string;
}

/** The function `long long result@(void)` of a program is what it is judged by. */
export const RESULT = 'result@';

/** What every program takes for granted, as the kernel's headers give it. */
export const PRELUDE = [
  'typedef signed char s8;',
  'typedef unsigned char u8;',
  'typedef short s16;',
  'typedef unsigned short u16;',
  'typedef int s32;',
  'typedef unsigned int u32;',
  'typedef long long s64;',
  'typedef unsigned long long u64;',
  '#define NULL ((void *)0)',
  '#define offsetof(type, member) __builtin_offsetof(type, member)',
  '',
].join('\n');

/** The program's text with `suffix` on every name at file scope, so that many fit in one file. */
export function renderProgram(program: CProgram, suffix: string): string {
  return program.template.replaceAll('@', suffix);
}

/** The parts of a program, each with decisions of its own, so that none uses up another's; and how many at most. */
const PARTS = { file: 80, pure: 200, table: 120, recursive: 60, work: 400, locals: 240, result: 600 };

/** Programs that reduce to simpler programs. */
export function cPrograms(): fc.Arbitrary<CProgram> {
  const decisions = (maxLength: number): fc.Arbitrary<Choices> =>
    fc.array(fc.nat({ max: 0xfffff }), { maxLength, size: 'max' }).map((numbers) => new Choices(numbers));
  const { file, pure, table, recursive, work, locals, result } = PARTS;
  return fc
    .record({
      file: decisions(file),
      pure: decisions(pure),
      table: decisions(table),
      recursive: decisions(recursive),
      work: decisions(work),
      locals: decisions(locals),
      result: decisions(result),
    })
    .map(writeProgram);
}

function writeProgram(parts: Record<keyof typeof PARTS, Choices>): CProgram {
  let counter = 0;
  const fresh = (stem: string): string => {
    counter += 1;
    return stem.endsWith('@') ? `${stem.slice(0, -1)}${counter}@` : `${stem}${counter}`;
  };
  const lines: string[] = [];
  let scope = EMPTY_SCOPE;
  const add = (declaration: Declaration): void => {
    lines.push(...declaration.lines, '');
    scope = joinScopes(scope, declaration.scope);
  };

  add(writeEnum(parts.file));
  add(writeMacros(parts.file));
  const aggregates = writeAggregates(parts.file, fresh);
  add({ lines: aggregates.flatMap(({ definition }) => definition), scope: layoutScope(aggregates) });
  // The swap needs variables that may change: functions without side effects do without it.
  const pureScope = { ...scope, deeds: [] };
  const pure = [
    writePureFunction(parts.pure, pureScope, fresh),
    writePureFunction(parts.table, pureScope, fresh),
  ] as const;
  const calls = [...pure, writeRecursiveFunction(parts.recursive, pureScope, fresh), writeTable(pure, fresh)];
  add(writeGlobals(parts.file, fresh));
  const [object] = aggregates;
  const work = writeWorkFunction(parts.work, { ...scope, deeds: [] }, fresh, object);
  for (const call of calls) add(call);
  lines.push(...work.lines, '');
  scope = joinScopes(scope, {
    ...EMPTY_SCOPE,
    places: [element('worked', work.elementType, 8), ...placesInside(() => 'object.', object)],
    deeds: [work.deed('worked', 'object')],
  });

  const locals = writeLocals(parts.locals, scope, fresh, aggregates);
  const body = newBody(parts.result, fresh, 2);
  const statements = writeStatements({ ...body, writeLeave: () => 'goto done' }, locals.scope);
  lines.push(
    `long long ${RESULT}(void)`,
    '{',
    '\tlong long sum = 0;',
    `\t${work.elementType.name} worked[8] = { 1, 2, 3 };`,
    `\t${object.name} object = { 0 };`,
    ...[...locals.lines, ...body.head, ...statements].map((line) => `\t${line}`),
    'done:',
    ...checksumLines(locals.scope.places).map((line) => `\t${line}`),
    '\treturn sum;',
    '}',
    '',
  );
  return { template: lines.join('\n') };
}

function writeAggregates(choices: Choices, fresh: (stem: string) => string): [Aggregate, ...Aggregate[]] {
  const first = writeStruct(choices, fresh('s@'), []);
  const union = writeUnion(fresh('u@'));
  const second = writeStruct(choices, fresh('s@'), [first, union]);
  return [first, union, second];
}

function layoutScope(aggregates: readonly Aggregate[]): Scope {
  const extras = aggregates.flatMap(layoutExpressions).map((text): Extra => () => ({ text, type: ULONG }));
  return { ...EMPTY_SCOPE, extras };
}

/** A table of function pointers and a function that takes one. */
function writeTable(
  functions: readonly [{ name: string }, { name: string }],
  fresh: (stem: string) => string,
): Declaration {
  const [table, apply] = [fresh('table@'), fresh('apply@')];
  const [first, second] = functions;
  const extras: Extra[] = [
    (_, deeper) => ({
      text: `${table}[${deeper().text} & 1]((int)${deeper().text}, ${deeper().text})`,
      type: LLONG,
    }),
    (pick, deeper) => ({
      text: `${apply}(${pick.pick(['', '&', '*'])}${second.name}, ${deeper().text})`,
      type: LLONG,
    }),
  ];
  return {
    lines: [
      `static long long (*const ${table}[2])(int, long long) = { ${first.name}, &${second.name} };`,
      `static long long ${apply}(long long (*f)(int, long long), long long x)`,
      '{',
      '\treturn f ? f(1, x) + (*f)(2, x) : 0;',
      '}',
    ],
    scope: { ...EMPTY_SCOPE, extras },
  };
}

function writeGlobals(choices: Choices, fresh: (stem: string) => string): Declaration {
  const type = choices.pick(INTEGER_TYPES);
  const [set, zero] = [fresh('set@'), fresh('zero@')];
  // A comma would make it no constant expression.
  const text = `${writeConstant(choices).text} ${choices.pick(['-', '*', '^', '>'])} ${writeConstant(choices).text}`;
  return {
    lines: [`static ${type.name} ${set} = ${text};`, `static ${type.name} ${zero};`],
    scope: { ...EMPTY_SCOPE, places: [variable(set, type), variable(zero, type)] },
  };
}
