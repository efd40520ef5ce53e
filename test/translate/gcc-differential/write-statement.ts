// SPDX-License-Identifier: GPL-2.0-only
import { INT, INTEGER_TYPES, LONG, UINT, ULONG, promoted } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Place, Scope } from './scope.ts';
import { constant, joinScopes } from './scope.ts';
import { writeExpression, writeIndex } from './write-expression.ts';

/** What a function body is written with. */
export interface Body {
  readonly choices: Choices;
  /** A name that the program does not have yet. */
  readonly fresh: (stem: string) => string;
  /** Declarations for the head of the function: where a backward goto cannot make them anew. */
  readonly head: string[];
  /** Writes a statement that leaves the function, or goes to its end. */
  readonly writeLeave: (scope: Scope) => string;
  readonly maxLoopDepth: number;
}

/** Where in a function a statement stands. */
interface Position {
  readonly depth: number;
  readonly loopDepth: number;
  readonly canBreak: boolean;
  readonly canContinue: boolean;
  /** Labels further on, outside the blocks around this place. */
  readonly exits: readonly string[];
}

const TOP: Position = { depth: 0, loopDepth: 0, canBreak: false, canContinue: false, exits: [] };
const MAX_DEPTH = 4;
const MAX_TURNS = 7;

/** Statements without side effects beyond the scope's places, which end whatever those hold. */
export function writeStatements(body: Body, scope: Scope, position: Position = TOP): string[] {
  const count = position.depth === 0 ? 2 + body.choices.below(7) : 1 + body.choices.below(3);
  const lines: string[] = [];
  for (let written = 0; written < count && !body.choices.exhausted; written += 1) {
    lines.push(...writeStatement(body, scope, position));
  }
  return lines.length === 0 ? [';'] : lines;
}

function writeStatement(body: Body, scope: Scope, position: Position): string[] {
  const { choices } = body;
  const simple = [
    () => writeAssignment(choices, scope),
    () => writeAssignment(choices, scope),
    () => writeDeed(choices, scope),
    () => writeDeed(choices, scope),
  ] as const;
  if (position.depth >= MAX_DEPTH) return choices.pick(simple)();
  return choices.pick<() => string[]>([
    ...simple,
    () => writeIf(body, scope, position),
    () => writeLoop(body, scope, position),
    () => writeLoop(body, scope, position),
    () => writeSwitch(body, scope, position),
    () => writeForwardGoto(body, scope, position),
    () => writeBackwardGoto(body, scope, position),
    () => writeEntered(body, scope, position),
    () => writeShadowingBlock(body, scope, position),
    () => writeJump(body, scope, position),
  ])();
}

function writeAssignment(choices: Choices, scope: Scope): string[] {
  const writable = scope.places.filter((place) => place.writable);
  const place = choices.pickAny(writable);
  if (place === undefined) return [';'];
  const target = writeTarget(choices, scope, place);
  const { text } = writeExpression(choices, scope);
  const shiftMask = promoted(place.type).bits - 1;
  return [
    choices.pick<() => string>([
      () => `${target} = ${text};`,
      () => `${target} ${choices.pick(['+=', '-=', '*=', '&=', '|=', '^='])} ${text};`,
      () => `${target} ${choices.pick(['<<=', '>>='])} ${text} & ${shiftMask};`,
      // Converted to a wider type a small positive divisor stays what it is.
      () => `${target} ${choices.pick(['/=', '%='])} (${text} & 7) + 1;`,
      () => (place.type.bits === 1 ? `${target} = !${target};` : writeStep(choices, target)),
      () => writeChain(choices, scope, text),
      () => writeFieldChain(choices, scope, place, `${target} = ${text}`),
      () =>
        `${target} = ({ __typeof__(${target}${place.field === true ? ' + 0' : ''}) inner = ${text}; inner ^= ${choices.below(9)}; inner; });`,
    ])(),
  ];
}

function writeTarget(choices: Choices, scope: Scope, place: Place): string {
  return place.write((length) => writeIndex(choices, scope, length, 2));
}

function writeStep(choices: Choices, target: string): string {
  return choices.pick([`${target}++;`, `--${target};`, `++${target};`, `${target}--;`]);
}

/** Between variables of two names: of one object, or of what a pointer may lead to, the order would be open. */
function writeChain(choices: Choices, scope: Scope, text: string): string {
  const names = new Set(scope.places.filter((place) => place.plain).map((place) => place.write(() => '0')));
  const outer = choices.pickAny([...names]);
  const inner = choices.pickAny([...names].filter((name) => name !== outer));
  return outer === undefined || inner === undefined ? ';' : `${outer} = ${inner} = ${text};`;
}

/** What the assignment yields, which for a bit-field is not what was assigned. */
function writeFieldChain(choices: Choices, scope: Scope, place: Place, assignment: string): string {
  const outer = choices.pickAny(scope.places.filter(({ plain }) => plain));
  if (outer === undefined || place.field !== true) return `${assignment};`;
  return `${outer.write(() => '0')} = ${assignment};`;
}

function writeDeed(choices: Choices, scope: Scope): string[] {
  const deed = choices.pickAny(scope.deeds);
  return deed === undefined ? writeAssignment(choices, scope) : [deed(choices, scope)];
}

function writeIf(body: Body, scope: Scope, position: Position): string[] {
  const test = writeExpression(body.choices, scope).text;
  const lines = [`if (${test}) {`, ...writeInner(body, scope, position), '}'];
  if (body.choices.chance(40)) lines.splice(-1, 1, '} else {', ...writeInner(body, scope, position), '}');
  return lines;
}

function writeLoop(body: Body, scope: Scope, position: Position): string[] {
  if (position.loopDepth >= body.maxLoopDepth) return writeIf(body, scope, position);
  const { choices } = body;
  const type = choices.pick([INT, UINT, LONG, ULONG]);
  const counter = body.fresh('i');
  const turns = 1 + choices.below(MAX_TURNS);
  const inside = joinScopes(scope, { places: [constant(counter, type)], extras: [], deeds: [] });
  const inner = writeInner(body, inside, {
    ...position,
    loopDepth: position.loopDepth + 1,
    canBreak: true,
    canContinue: true,
  });
  const declared = `${type.name} ${counter}`;
  const shape = choices.below(6);
  if (shape === 0) return [`for (${declared} = 0; ${counter} < ${turns}; ${counter}++) {`, ...inner, '}'];
  if (shape === 1) return [`for (${declared} = ${turns}; ${counter}-- > 0; ) {`, ...inner, '}'];
  body.head.push(`${declared} = 0;`);
  if (shape === 2)
    return [`for (${counter} = 1; ${counter} < ${1 << turns}; ${counter} <<= 1) {`, ...inner, '}'];
  // The counter goes on from where an enclosing loop's last turn left it, unless it is set here.
  const start = `${counter} = 0;`;
  if (shape === 3) return [start, `while (${counter}++ < ${turns}) {`, ...inner, '}'];
  if (shape === 4) return [start, 'do {', ...inner, `} while (++${counter} < ${turns});`];
  return [start, 'for (;;) {', `\tif (++${counter} > ${turns})`, '\t\tbreak;', ...inner, '}'];
}

function writeSwitch(body: Body, scope: Scope, position: Position): string[] {
  const { choices } = body;
  const { text } = writeExpression(choices, scope);
  const [subject, smallest] = choices.pick<[string, number]>([
    [`(${text}) & 3`, 0],
    [`(int)(${text}) % 3`, -2],
    [`(u8)(${text}) >> 6`, 0],
    [`(s64)(${text}) % 2`, -1],
  ]);
  const count = 1 + choices.below(4);
  const defaultAt = choices.below(count + 1);
  const lines = [`switch (${subject}) {`];
  for (let index = 0; index < count; index += 1) {
    lines.push(index === defaultAt ? 'default:' : `case ${smallest + index}:`);
    if (choices.chance(20) && index < count - 1) continue;
    lines.push(...writeInner(body, scope, { ...position, canBreak: true }));
    if (choices.chance(60) || index === count - 1) lines.push('\tbreak;');
  }
  return [...lines, '}'];
}

/** Leaves from anywhere inside to what follows, as the kernel's error paths do. */
function writeForwardGoto(body: Body, scope: Scope, position: Position): string[] {
  const label = body.fresh('out');
  const test = writeExpression(body.choices, scope).text;
  const inner = writeStatements(body, scope, {
    ...position,
    depth: position.depth + 1,
    exits: [...position.exits, label],
  });
  return [`if (${test})`, `\tgoto ${label};`, ...inner, `${label}:`, ';'];
}

function writeBackwardGoto(body: Body, scope: Scope, position: Position): string[] {
  if (position.loopDepth >= body.maxLoopDepth) return writeForwardGoto(body, scope, position);
  const label = body.fresh('again');
  const counter = body.fresh('tries');
  body.head.push(`int ${counter} = 0;`);
  const inner = writeStatements(body, scope, {
    ...position,
    depth: position.depth + 1,
    loopDepth: position.loopDepth + 1,
  });
  const turns = 1 + body.choices.below(MAX_TURNS);
  return [`${counter} = 0;`, `${label}:`, ...inner, `if (++${counter} < ${turns})`, `\tgoto ${label};`];
}

/** A loop or a branch that is entered in its middle, by a goto or a case label. */
function writeEntered(body: Body, scope: Scope, position: Position): string[] {
  if (position.loopDepth >= body.maxLoopDepth) return writeForwardGoto(body, scope, position);
  const { choices } = body;
  const [label, counter] = [body.fresh('in'), body.fresh('entered')];
  body.head.push(`int ${counter} = 0;`);
  const test = writeExpression(choices, scope).text;
  const inside = { ...position, loopDepth: position.loopDepth + 1, canBreak: true, canContinue: true };
  const [before, behind] = [writeInner(body, scope, inside), writeInner(body, scope, inside)];
  const turns = 1 + choices.below(MAX_TURNS);
  const again = `++${counter} < ${turns}`;
  const loop = (head: string): string[] => ['do {', ...before, head, ...behind, `} while (${again});`];
  return choices.pick<() => string[]>([
    () => [`${counter} = 0;`, `if (${test})`, `\tgoto ${label};`, ...loop(`${label}: ;`)],
    () => [`${counter} = 0;`, `switch ((${test}) & 1) {`, 'default:', ...loop('case 1: ;'), '}'],
    () => [
      `${counter} = 0;`,
      `if (${test})`,
      `\tgoto ${label};`,
      `while (${again}) {`,
      ...before,
      `${label}: ;`,
      ...behind,
      '}',
    ],
  ])();
}

/** A block whose variable hides one outside; of the same type, so that the scope stays true. */
function writeShadowingBlock(body: Body, scope: Scope, position: Position): string[] {
  const { choices } = body;
  const hidden = choices.pickAny(scope.places.filter((place) => place.plain));
  const type = hidden?.type ?? choices.pick(INTEGER_TYPES);
  const name = hidden?.write(() => '0') ?? body.fresh('v');
  // The new variable is in scope in its own initialiser already, hence the copy.
  const copy = body.fresh('c');
  const value = writeExpression(choices, scope).text;
  // Deeds take addresses, and a pointer must not outlive what it would point to here.
  const inner = writeStatements(body, { ...scope, deeds: [] }, { ...position, depth: position.depth + 1 });
  const lines = [`${type.name} ${copy} = ${value};`, `${type.name} ${name} = ${copy};`, ...inner];
  return ['{', ...lines.map((line) => `\t${line}`), '}'];
}

function writeJump(body: Body, scope: Scope, position: Position): string[] {
  const jumps = [
    ...(position.canBreak ? ['break'] : []),
    ...(position.canContinue ? ['continue'] : []),
    ...position.exits.map((label) => `goto ${label}`),
  ];
  const test = writeExpression(body.choices, scope).text;
  const jump = body.choices.chance(80) ? body.choices.pickAny(jumps) : undefined;
  return [`if (${test})`, `\t${jump ?? body.writeLeave(scope)};`];
}

function writeInner(body: Body, scope: Scope, position: Position): string[] {
  return writeStatements(body, scope, { ...position, depth: position.depth + 1 }).map((line) => `\t${line}`);
}
