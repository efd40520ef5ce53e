// SPDX-License-Identifier: GPL-2.0-only
import type { FunctionEmitter } from './emit-function.ts';
import { emitStatement } from './emit-statement.ts';
import type { BlockStatement, Expression, Statement } from './syntax.ts';

/**
 * `goto` in a language without it. A label lands in the block that holds it:
 *
 * - reached only from before: everything before becomes a labelled block, and goto leaves it (`break`);
 * - reached from behind too (`retry:`): the block becomes a loop around a switch, and goto starts it again at a case.
 *
 * A jump into a block from outside it is not supported and is said so where the goto stands.
 */
export function emitWithLabels(f: FunctionEmitter, block: BlockStatement): void {
  const { statements } = block;
  const used = gotoLabels(block);
  const labels = statements.flatMap((statement, position) =>
    labelsOf(statement).filter((name) => used.has(name)).map((name) => ({ name, position })),
  );
  if (labels.length === 0) {
    for (const statement of statements) emitStatement(f, statement);
    return;
  }
  const backward = labels.some(({ name, position }) =>
    statements.slice(position).some((statement) => gotosIn(statement).has(name)),
  );
  if (backward) emitDispatch(f, statements, labels);
  else emitNested(f, statements, labels);
}

type PlacedLabel = { readonly name: string; readonly position: number };

function emitNested(f: FunctionEmitter, statements: readonly Statement[], labels: readonly PlacedLabel[]): void {
  const before = f.assigned.copy();
  const open = labels.map(({ name }) => ({ name, label: f.label(name) }));
  for (const { name, label } of open.toReversed()) {
    f.line(`${label}: {`);
    f.landings.set(name, { form: 'leave', label });
  }
  let closed = 0;
  for (const [position, statement] of statements.entries()) {
    while (labels[closed]?.position === position) {
      const { name } = labels[closed++]!;
      f.line('}');
      f.landings.delete(name);
      f.assigned = before.copy();
    }
    emitStatement(f, withoutLabels(statement));
  }
}

function emitDispatch(f: FunctionEmitter, statements: readonly Statement[], labels: readonly PlacedLabel[]): void {
  const label = f.label('again');
  const state = f.label('from');
  f.hoistState(state);
  f.line(`${state} = 0;`);
  for (const [index, { name }] of labels.entries()) {
    f.landings.set(name, { form: 'dispatch', label, state, number: index + 1 });
  }
  const before = f.assigned.copy();
  f.line(`${label}: for (;;) {`);
  f.line('  if (--rt.fuel < 0) rt.spin();');
  f.line(`  switch (${state}) {`);
  f.line('    case 0:');
  f.breakables.push({ kind: 'none', label, labelUsed: true });
  f.inLoop++;
  let next = 0;
  f.indented(() =>
    f.indented(() =>
      f.indented(() => {
        for (const [position, statement] of statements.entries()) {
          while (labels[next]?.position === position) {
            f.line(`case ${++next}: // ${labels[next - 1]!.name}:`);
            f.assigned = before.copy();
          }
          emitStatement(f, withoutLabels(statement));
        }
      }),
    ),
  );
  f.inLoop--;
  f.breakables.pop();
  f.line('  }');
  f.line('  break;');
  f.line('}');
  for (const { name } of labels) f.landings.delete(name);
}

function labelsOf(statement: Statement): string[] {
  return statement.kind === 'label' ? [statement.name, ...labelsOf(statement.body)] : [];
}

function withoutLabels(statement: Statement): Statement {
  return statement.kind === 'label' ? withoutLabels(statement.body) : statement;
}

/** Labels that some goto inside the block names. */
export function gotoLabels(block: BlockStatement): Set<string> {
  const names = new Set<string>();
  for (const statement of block.statements) collect(statement, names);
  return names;
}

function gotosIn(statement: Statement): Set<string> {
  const names = new Set<string>();
  collect(statement, names);
  return names;
}

function collect(statement: Statement, into: Set<string>): void {
  switch (statement.kind) {
    case 'goto':
      into.add(statement.label);
      break;
    case 'block':
      for (const inner of statement.statements) collect(inner, into);
      break;
    case 'if':
      collect(statement.yes, into);
      if (statement.no !== undefined) collect(statement.no, into);
      break;
    case 'for':
    case 'do':
    case 'switch':
    case 'case':
    case 'label':
      collect(statement.body, into);
      break;
    case 'expression':
      collectExpression(statement.expression, into);
      break;
    default:
  }
}

/** A statement macro (`({ … goto out; … })`) is an expression statement. */
function collectExpression(expression: Expression, into: Set<string>): void {
  if (expression.kind === 'statements') for (const inner of expression.block.statements) collect(inner, into);
  if (expression.kind === 'cast') collectExpression(expression.operand, into);
}
