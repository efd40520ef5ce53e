// SPDX-License-Identifier: GPL-2.0-only
import type { Label } from '../base/wasm-module.ts';
import * as c from './c-type.ts';
import { gotoLabels, gotosIn, labelsOf, placedLabels, withoutLabels } from './emit-goto.ts';
import { hasBreak, hasContinue, isExecuted } from './emit-statement.ts';
import { isStraight } from './emit-statement-expression.ts';
import { convertConstant } from './fold.ts';
import { valueType, type HotEmitter } from './emit-hot-function.ts';
import { hotAddress, hotCondition, hotEffect, hotValue } from './emit-hot-expression.ts';
import { storeTo } from './emit-hot-memory.ts';
import { levelled } from './level.ts';
import type { BlockStatement, Expression, Statement } from './syntax.ts';

type Of<Kind extends Statement['kind']> = Statement & { readonly kind: Kind };

/** A block's statements. Labels that only earlier gotos name are ends of blocks; others are not supported. */
export function emitHotBlock(f: HotEmitter, block: BlockStatement): void {
  const { statements } = block;
  const labels = placedLabels(block);
  for (const { name, position } of labels) {
    const isBackward = statements.slice(position).some((statement) => gotosIn(statement).has(name));
    if (isBackward) f.unsupported(`goto \`${name}\`, which is behind it`, block.at);
  }
  const before = f.assigned.copy();
  /** Emits the statements before the label that is closed last, inside its block, then what follows. */
  const emitUpTo = (count: number): void => {
    const start = labels[count - 1]?.position ?? 0;
    const end = labels[count]?.position ?? statements.length;
    if (count > 0) {
      const { name } = labels[count - 1]!;
      f.code.block(undefined, (label) => {
        f.landings.set(name, label);
        emitUpTo(count - 1);
      });
      f.landings.delete(name);
      f.assigned = before.copy();
    }
    for (const statement of statements.slice(start, end)) emitHotStatement(f, withoutLabels(statement));
  };
  emitUpTo(labels.length);
}

/** GNU's `({ … })`: its last statement is the value, if one is wanted. Marks are where the JavaScript has them. */
export function emitHotStatements(f: HotEmitter, block: BlockStatement, wanted: boolean): void {
  const last = block.statements.at(-1);
  if (wanted && last?.kind !== 'expression')
    f.unsupported('a statement expression without a value', block.at);
  const others = wanted ? block.statements.slice(0, -1) : block.statements;
  if (block.statements.every(isStraight)) {
    for (const statement of others) emitStraight(f, statement);
  } else {
    const written = { ...block, statements: others };
    const before = f.assigned.copy();
    emitHotBlock(f, levelled(written) ?? written);
    if (wanted) hotValue(f, (last as Of<'expression'>).expression);
    f.assigned = before;
    return;
  }
  if (wanted) hotValue(f, (last as Of<'expression'>).expression);
}

function emitStraight(f: HotEmitter, statement: Statement): void {
  switch (statement.kind) {
    case 'expression':
      return hotEffect(f, statement.expression);
    case 'declare':
      return declare(f, statement);
    case 'do':
      return emitStraight(f, statement.body);
    case 'block':
      for (const inner of statement.statements) emitStraight(f, inner);
      return;
    default:
  }
}

function emitHotStatement(f: HotEmitter, statement: Statement): void {
  if (isExecuted(statement)) f.mark(statement.at);
  switch (statement.kind) {
    case 'empty':
      return;
    case 'expression':
      return expressionStatement(f, statement.expression);
    case 'block':
      return emitHotBlock(f, statement);
    case 'declare':
      return declare(f, statement);
    case 'if':
      return emitIf(f, statement);
    case 'for':
      return emitFor(f, statement);
    case 'do':
      return emitDo(f, statement);
    case 'switch':
      return emitSwitch(f, statement);
    case 'label':
      return emitHotStatement(f, statement.body);
    case 'goto':
      return leaveTo(f, f.landings.get(statement.label), statement);
    case 'break':
      return leaveTo(f, f.breakables.at(-1)?.leave, statement);
    case 'continue':
      return leaveTo(f, f.breakables.findLast(({ next }) => next !== undefined)?.next, statement);
    case 'return':
      return emitReturn(f, statement);
    case 'case':
      f.unsupported('a case label inside another statement', statement.at);
  }
}

function leaveTo(f: HotEmitter, label: Label | undefined, statement: Statement): void {
  if (label === undefined) f.unsupported(`\`${statement.kind}\` to elsewhere`, statement.at);
  f.code.branch(label);
  f.assigned.unreachable = true;
}

function expressionStatement(f: HotEmitter, written: Expression): void {
  let expression = written;
  while (expression.kind === 'cast') expression = expression.operand;
  if (expression.kind === 'statements') emitHotBlock(f, expression.block);
  else hotEffect(f, expression);
}

function declare(f: HotEmitter, { variable, value, cleanup, at }: Of<'declare'>): void {
  if (cleanup !== undefined) f.unsupported('a variable with a cleanup function', at);
  const size = c.sizeOf(variable.type) ?? 0;
  const { inMemory } = variable;
  const named: Expression = { kind: 'variable', variable, type: variable.type, at };
  if (value.kind === 'none') {
    if (inMemory && (f.inLoop > 0 || f.hoistsAll))
      f.markShadow(f.slotOf(variable)!.offset, size, f.names.heap.unwritten);
    return f.forget(variable);
  }
  if (value.kind === 'scalar') {
    if (inMemory) {
      hotAddress(f, named);
      hotValue(f, value.value);
      storeTo(f, variable.type);
    } else {
      hotValue(f, value.value);
      f.code.set(f.localOf(variable));
    }
    return f.wrote(variable);
  }
  const [only] = value.stores;
  const isCopy = value.stores.length === 1 && only!.offset === 0 && only!.type.kind === 'struct';
  if (!isCopy) {
    hotAddress(f, named);
    f.code
      .i32(0)
      .i32(size)
      .call(f.names.imported('mem', 'fill', ['pointer', 'int', 'int'], undefined));
  }
  for (const { offset, type, member, value: stored } of value.stores) {
    if (member?.bits !== undefined) f.unsupported('a bit-field', at);
    hotAddress(f, named);
    f.code.i64(offset).op('i64.add');
    hotValue(f, stored);
    if (type.kind !== 'struct') storeTo(f, type);
    else {
      f.code.i32(c.sizeOf(type) ?? 0);
      f.code.call(f.names.imported('mem', 'copy', ['pointer', 'pointer', 'int'], undefined));
    }
  }
}

function emitIf(f: HotEmitter, { condition, yes, no }: Of<'if'>): void {
  if (condition.kind === 'number') {
    const taken = condition.value !== 0 ? yes : no;
    if (taken !== undefined) emitHotStatement(f, taken);
    return;
  }
  hotCondition(f, condition);
  const before = f.assigned.copy();
  let afterYes = before;
  const emitYes = (): void => {
    emitBody(f, yes);
    afterYes = f.assigned;
    f.assigned = before;
  };
  if (no === undefined || no.kind === 'empty') f.code.if(undefined, emitYes);
  else f.code.if(undefined, emitYes, () => emitBody(f, no));
  f.assigned = afterYes.meet(f.assigned);
}

function emitBody(f: HotEmitter, body: Statement): void {
  if (body.kind === 'block') emitHotBlock(f, body);
  else emitHotStatement(f, body);
}

function emitFor(f: HotEmitter, { declarations, condition, step, body, at }: Of<'for'>): void {
  const { code } = f;
  for (const declaration of declarations) emitHotStatement(f, declaration);
  const forever = condition === undefined || (condition.kind === 'number' && condition.value !== 0);
  let before = f.assigned;
  code.block(undefined, (leave) => {
    code.loop((again) => {
      if (!forever) {
        hotCondition(f, condition);
        code.op('i32.eqz').branchIf(leave);
      }
      before = f.assigned.copy();
      emitLoopBody(f, body, leave, at);
      f.assigned = before.copy();
      if (step !== undefined) hotEffect(f, step);
      code.branch(again);
    });
  });
  f.assigned = before;
  if (forever) f.assigned.unreachable = !hasBreak(body);
  if (forever && !hasBreak(body)) code.op('unreachable');
}

function emitLoopBody(f: HotEmitter, body: Statement, leave: Label, at: Statement['at']): void {
  f.inLoop++;
  f.fuel(at);
  f.code.block(undefined, (next) => {
    f.breakables.push({ leave, next });
    emitBody(f, body);
    f.breakables.pop();
  });
  f.inLoop--;
}

function emitDo(f: HotEmitter, { body, condition, at }: Of<'do'>): void {
  const once = condition.kind === 'number' && condition.value === 0;
  const leaves = hasBreak(body) || hasContinue(body);
  if (once && !leaves) return emitHotStatement(f, body);
  const { code } = f;
  const before = f.assigned.copy();
  code.block(undefined, (leave) => {
    code.loop((again) => {
      emitLoopBody(f, body, leave, at);
      if (leaves) f.assigned = before;
      if (once) return;
      hotCondition(f, condition);
      code.branchIf(again);
    });
  });
}

function emitSwitch(f: HotEmitter, { value, body }: Of<'switch'>): void {
  const { code } = f;
  const items = body.kind === 'block' ? body.statements : [body];
  const used = gotoLabels(body.kind === 'block' ? body : { kind: 'block', statements: [body], at: body.at });
  if (items.some((item) => labelsOf(item).some((name) => used.has(name))))
    f.unsupported('a label in a switch', body.at);
  const places = items.map(placeOf);
  const type = valueType(value.type);
  const before = f.assigned.copy();
  hotValue(f, value);
  const chosen = f.temporary(type);
  code.set(chosen);
  const labelled = places.flatMap(({ values }, i) => (values.length > 0 ? [i] : []));
  code.block(undefined, (leave) => {
    const landings = new Map<number, Label>();
    const emitFrom = (count: number): void => {
      if (count === 0) {
        for (const i of labelled) {
          for (const each of places[i]!.values) {
            if (each === 'default') continue;
            const converted = convertConstant(each, value.type);
            code.get(chosen);
            if (type === 'i64') code.i64(converted).op('i64.eq');
            else code.i32(Number(converted)).op('i32.eq');
            code.branchIf(landings.get(i)!);
          }
        }
        const others = labelled.find((i) => places[i]!.values.includes('default'));
        code.branch(others === undefined ? leave : landings.get(others)!);
        return;
      }
      const place = labelled[count - 1]!;
      code.block(undefined, (label) => {
        landings.set(place, label);
        emitFrom(count - 1);
        if (count > 1) emitItems(labelled[count - 2]!, place);
      });
    };
    const emitItems = (from: number, to: number): void => {
      f.breakables.push({ leave, next: undefined });
      for (const { statement, values } of places.slice(from, to)) {
        if (values.length > 0) f.assigned = before.copy();
        emitHotStatement(f, statement);
      }
      f.breakables.pop();
    };
    emitFrom(labelled.length);
    if (labelled.length > 0) emitItems(labelled.at(-1)!, places.length);
  });
  f.assigned = before;
}

interface Place {
  readonly values: readonly (number | bigint | 'default')[];
  readonly statement: Statement;
}

/** An item of a switch without the case labels before it. */
function placeOf(item: Statement): Place {
  const values: (number | bigint | 'default')[] = [];
  let statement = item;
  while (statement.kind === 'case') {
    if (statement.values === 'default') values.push('default');
    else values.push(...statement.values);
    statement = statement.body;
  }
  return { values, statement };
}

function emitReturn(f: HotEmitter, { value, at }: Of<'return'>): void {
  if (value !== undefined) {
    if (value.type.kind === 'void') hotEffect(f, value);
    else if (f.resultLocal === undefined) hotEffect(f, value);
    else {
      if (valueType(value.type) !== valueType(f.result)) f.unsupported('a result of another width', at);
      hotValue(f, value);
      f.code.set(f.resultLocal);
    }
  }
  f.code.branch(f.leaveFunction!);
  f.assigned.unreachable = true;
}
