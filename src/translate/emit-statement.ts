// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import * as c from './c-type.ts';
import { emitCondition, emitEffect, emitValue } from './emit-expression.ts';
import type { FunctionEmitter } from './emit-function.ts';
import { emitSwitchWithLabels, emitWithLabels } from './emit-goto.ts';
import { emitType } from './emit-names.ts';
import { convertConstant } from './fold.ts';
import type { BlockStatement, Statement } from './syntax.ts';
import { TranslateError } from './token.ts';

/** A block's statements; `bare` leaves out the braces. */
export function emitBlock(f: FunctionEmitter, block: BlockStatement, bare = false): void {
  if (bare) {
    emitItems(f, block);
    return;
  }
  f.line('{');
  f.indented(() => emitItems(f, block));
  f.line('}');
}

/** From a variable with a cleanup function on, the rest of the block runs under `try … finally`. */
function emitItems(f: FunctionEmitter, block: BlockStatement): void {
  const position = block.statements.findIndex(
    (each) => each.kind === 'declare' && each.cleanup !== undefined,
  );
  const declared = block.statements[position];
  if (declared?.kind !== 'declare') {
    emitWithLabels(f, block);
    return;
  }
  for (const statement of block.statements.slice(0, position)) emitStatement(f, statement);
  f.mark(declared.at);
  emitDeclaration(f, declared);
  f.line('try {', declared.at);
  f.indented(() => emitItems(f, { ...block, statements: block.statements.slice(position + 1) }));
  f.line('} finally {');
  f.line(
    `  if (rt.running) ${f.functionName(declared.cleanup!)}(${f.localName(declared.variable)});`,
    declared.at,
  );
  f.line('}');
}

export function emitStatement(f: FunctionEmitter, statement: Statement): void {
  if (isExecuted(statement)) f.mark(statement.at);
  switch (statement.kind) {
    case 'empty':
      return;
    case 'expression':
      return emitExpressionStatement(f, statement);
    case 'block':
      return emitBlock(f, statement);
    case 'declare':
      return emitDeclaration(f, statement);
    case 'if':
      return emitIf(f, statement);
    case 'for':
      return emitFor(f, statement);
    case 'do':
      return emitDo(f, statement);
    case 'switch':
      return emitSwitch(f, statement);
    case 'case':
      throw new TranslateError('case label inside another statement of its switch', statement.at);
    case 'label':
      // Nothing jumps here, or emitWithLabels() would have taken it.
      return emitStatement(f, statement.body);
    case 'goto':
      return emitGoto(f, statement);
    case 'break':
    case 'continue':
      return emitJump(f, statement);
    case 'return':
      return emitReturn(f, statement);
  }
}

/** Does it do anything by itself? What stands inside another statement speaks for itself. */
export function isExecuted(statement: Statement): boolean {
  switch (statement.kind) {
    case 'empty':
    case 'block':
    case 'case':
    case 'label':
    case 'do':
      return false;
    case 'declare':
      return statement.value.kind !== 'none';
    case 'if':
      return statement.condition.kind !== 'number';
    case 'expression':
      return !['number', 'statements'].includes(statement.expression.kind);
    default:
      return true;
  }
}

type Of<Kind extends Statement['kind']> = Statement & { readonly kind: Kind };

function emitExpressionStatement(f: FunctionEmitter, statement: Of<'expression'>): void {
  let { expression } = statement;
  while (expression.kind === 'cast') expression = expression.operand;
  if (expression.kind === 'statements') {
    emitBlock(f, expression.block);
    return;
  }
  if (expression.kind === 'number') return;
  f.line(`${emitEffect(f, expression)};`, statement.at);
}

function emitDeclaration(f: FunctionEmitter, statement: Of<'declare'>): void {
  const { variable, value } = statement;
  const hoists = f.hoistsAll || f.insideSwitch > 0;
  if (hoists) f.hoist(variable);
  const text = f.declareText(variable, value);
  if (variable.inMemory || hoists) {
    if (text !== undefined) f.line(`${text};`, statement.at);
    return;
  }
  const typed = f.typed(`: ${emitType(variable.type)}`, f.localName(variable));
  const initialiser = text === undefined ? '' : text.slice(f.localName(variable).length);
  f.line(`let ${typed}${initialiser};`, statement.at);
}

function emitIf(f: FunctionEmitter, statement: Of<'if'>): void {
  const { condition, yes, no } = statement;
  if (condition.kind === 'number') {
    // Decided by the configuration or the machine; the other side is not even translated.
    const taken = condition.value !== 0 ? yes : no;
    if (taken !== undefined) emitStatement(f, taken);
    return;
  }
  f.line(`if (${stripped(emitCondition(f, condition))}) {`, statement.at);
  const before = f.assigned.copy();
  f.indented(() => emitBody(f, yes));
  const afterYes = f.assigned;
  f.assigned = before;
  if (no !== undefined && no.kind !== 'empty') {
    f.line('} else {');
    f.indented(() => emitBody(f, no));
  }
  f.line('}');
  f.assigned = afterYes.meet(f.assigned);
}

function emitBody(f: FunctionEmitter, body: Statement): void {
  if (body.kind === 'block') emitBlock(f, body, true);
  else emitStatement(f, body);
}

function stripped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return text;
  }
  return text.slice(1, -1);
}

function emitFor(f: FunctionEmitter, statement: Of<'for'>): void {
  const { declarations, condition, step, body, at } = statement;
  if (declarations.some((each) => each.kind === 'declare' && each.cleanup !== undefined)) {
    // scoped_guard(): what the loop declares is undone when the loop is left, however that happens.
    const loop: Statement = { ...statement, declarations: [] };
    emitBlock(f, { kind: 'block', at, statements: [...declarations, loop] });
    return;
  }
  const scoped = declarations.some((each) => each.kind === 'declare');
  if (scoped) f.line('{');
  for (const declaration of declarations) emitStatement(f, declaration);
  const forever = condition === undefined || (condition.kind === 'number' && condition.value !== 0);
  const test = forever ? '' : ` ${stripped(emitCondition(f, condition))}`;
  const before = f.assigned.copy();
  const head = f.line('', statement.at);
  emitLoopBody(f, head, body);
  f.assigned = before.copy();
  const next = step === undefined ? '' : ` ${emitEffect(f, step)}`;
  const line = f.lines[head]!;
  line.text = line.text.replace('FOR', () => `for (;${test};${next}) {`);
  f.assigned = before;
  if (forever) f.assigned.unreachable = !hasBreak(body);
  if (scoped) f.line('}');
}

function emitLoopBody(f: FunctionEmitter, head: number, body: Statement): void {
  const line = f.lines[head]!;
  if (!line.text.includes('do {')) line.text += 'FOR';
  const label = f.label('loop');
  f.breakables.push({ kind: 'loop', label, labelUsed: false });
  f.inLoop++;
  f.hasLoop = true;
  const switchDepth = f.insideSwitch;
  f.insideSwitch = 0;
  f.indented(() => {
    f.line('if (--rt.fuel < 0) rt.spin();', line.at);
    emitBody(f, body);
  });
  f.insideSwitch = switchDepth;
  f.inLoop--;
  const loop = f.breakables.pop()!;
  f.line('}');
  if (loop.labelUsed) f.labelLine(head, label);
}

function emitDo(f: FunctionEmitter, statement: Of<'do'>): void {
  const { body, condition } = statement;
  const once = condition.kind === 'number' && condition.value === 0;
  const leaves = hasBreak(body) || hasContinue(body);
  if (once && !leaves) {
    emitStatement(f, body);
    return;
  }
  const before = f.assigned.copy();
  const head = f.line('do {', statement.at);
  emitLoopBody(f, head, body);
  if (leaves) f.assigned = before;
  const test = once ? 'false' : stripped(emitCondition(f, condition));
  f.lines.at(-1)!.text += ` while (${test});`;
}

function emitSwitch(f: FunctionEmitter, statement: Of<'switch'>): void {
  if (emitSwitchWithLabels(f, statement)) return;
  const { value, body } = statement;
  const items = body.kind === 'block' ? body.statements : [body];
  const before = f.assigned.copy();
  const head = f.line(`switch (${emitValue(f, value)}) {`, statement.at);
  const label = f.label('switch');
  f.breakables.push({ kind: 'switch', label, labelUsed: false });
  f.insideSwitch++;
  f.indented(() => {
    for (const item of items) emitCaseItem(f, item, before.copy.bind(before), value.type);
  });
  f.insideSwitch--;
  const made = f.breakables.pop()!;
  f.line('}');
  if (made.labelUsed) f.labelLine(head, label);
  f.assigned = before;
}

function emitCaseItem(
  f: FunctionEmitter,
  item: Statement,
  entry: () => typeof f.assigned,
  type: c.CType,
): void {
  let inner = item;
  while (inner.kind === 'case') {
    f.assigned = entry();
    if (inner.values === 'default') f.line('default:', inner.at);
    else for (const value of inner.values) f.line(`case ${emitConstant(value, type)}:`, inner.at);
    inner = inner.body;
  }
  if (inner.kind === 'declare') f.hoist(inner.variable);
  f.indented(() => emitStatement(f, inner));
}

/** A case label's value in the form of the switch's type. */
export function emitConstant(value: U64, type: c.CType): string {
  const converted = convertConstant(value, type);
  return typeof converted === 'bigint' ? `${converted}n` : String(converted);
}

function emitGoto(f: FunctionEmitter, statement: Of<'goto'>): void {
  const landing = f.landings.get(statement.label);
  if (landing === undefined) {
    const where = f.insideExpression > 0 ? 'out of a statement expression' : 'into a block';
    throw new TranslateError(`goto \`${statement.label}\` ${where}`, statement.at);
  }
  if (landing.form === 'leave') f.line(`break ${landing.label};`, statement.at);
  else f.line(`{ ${landing.state} = ${landing.number}; continue ${landing.label}; }`, statement.at);
  f.assigned.unreachable = true;
}

function emitJump(f: FunctionEmitter, statement: Of<'break'> | Of<'continue'>): void {
  const { breakables } = f;
  const wanted = (kind: string): boolean =>
    kind === 'loop' || (statement.kind === 'break' && kind === 'switch');
  let position = breakables.length - 1;
  while (position >= 0 && !wanted(breakables[position]!.kind)) position--;
  const target = breakables[position];
  if (target === undefined) {
    throw new TranslateError(`${statement.kind} out of a statement expression`, statement.at);
  }
  const direct =
    statement.kind === 'break'
      ? position === breakables.length - 1
      : breakables.slice(position + 1).every((each) => each.kind === 'switch');
  if (!direct) target.labelUsed = true;
  f.line(direct ? `${statement.kind};` : `${statement.kind} ${target.label};`, statement.at);
  f.assigned.unreachable = true;
}

function emitReturn(f: FunctionEmitter, statement: Of<'return'>): void {
  if (f.insideExpression > 0) throw new TranslateError('return out of a statement expression', statement.at);
  const { value } = statement;
  if (value === undefined) f.line('return;', statement.at);
  else if (value.type.kind === 'void') {
    f.line(`${emitEffect(f, value)};`, statement.at);
    f.line('return;', statement.at);
  } else if (value.type.kind === 'struct') {
    f.line(`return rt.structResult(${emitValue(f, value)}, ${c.sizeOf(value.type) ?? 0});`, statement.at);
  } else f.line(`return ${emitValue(f, value)};`, statement.at);
  f.assigned.unreachable = true;
}

/** A break that leaves the loop or switch whose body this is. */
export function hasBreak(body: Statement): boolean {
  return holds(body, 'break', true);
}

export function hasContinue(body: Statement): boolean {
  return holds(body, 'continue', false);
}

function holds(statement: Statement, kind: 'break' | 'continue', stopsAtSwitch: boolean): boolean {
  switch (statement.kind) {
    case 'block':
      return statement.statements.some((inner) => holds(inner, kind, stopsAtSwitch));
    case 'if':
      return (
        holds(statement.yes, kind, stopsAtSwitch) ||
        (statement.no !== undefined && holds(statement.no, kind, stopsAtSwitch))
      );
    case 'switch':
      return !stopsAtSwitch && holds(statement.body, kind, stopsAtSwitch);
    case 'case':
    case 'label':
      return holds(statement.body, kind, stopsAtSwitch);
    case 'expression':
      return (
        statement.expression.kind === 'statements' &&
        statement.expression.block.statements.some((inner) => holds(inner, kind, stopsAtSwitch))
      );
    default:
      return statement.kind === kind;
  }
}
