// SPDX-License-Identifier: GPL-2.0-only
import type { FunctionEmitter } from './emit-function.ts';
import type { CType } from './c-type.ts';
import { emitValue } from './emit-expression.ts';
import { emitConstant, emitStatement } from './emit-statement.ts';
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
  const labels = placedLabels(block);
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

/** The block's labels that some goto in it names, and before which statement each stands. */
export function placedLabels(block: BlockStatement): PlacedLabel[] {
  const used = gotoLabels(block);
  return block.statements.flatMap((statement, position) =>
    labelsOf(statement)
      .filter((name) => used.has(name))
      .map((name) => ({ name, position })),
  );
}

function emitNested(
  f: FunctionEmitter,
  statements: readonly Statement[],
  labels: readonly PlacedLabel[],
): void {
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

function emitDispatch(
  f: FunctionEmitter,
  statements: readonly Statement[],
  labels: readonly PlacedLabel[],
): void {
  const label = f.label('again');
  const state = f.label('from');
  f.hoistState(state);
  f.line(`${state} = 0;`);
  for (const [index, { name }] of labels.entries()) {
    f.landings.set(name, { form: 'dispatch', label, state, number: index + 1 });
  }
  const before = f.assigned.copy();
  f.line(`${label}: for (;;) {`);
  f.line('  if (--rt.fuel < 0) rt.spin();', statements[labels[0]!.position]!.at);
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
            f.line(`case ${++next}: /* ${labels[next - 1]!.name}: */`);
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

/**
 * A switch with labels between its cases: cases and labels alike become places of a dispatch loop, and the switch's
 * value chooses the first. Returns false where no goto lands directly in the body.
 */
export function emitSwitchWithLabels(f: FunctionEmitter, statement: Statement & { kind: 'switch' }): boolean {
  const { body, value } = statement;
  if (body.kind !== 'block') return false;
  const used = gotoLabels(body);
  const places = body.statements.map(placesOf);
  const names = places
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => (entry.kind === 'label' ? [entry.name] : []));
  if (!names.some((name) => used.has(name))) return false;
  const label = f.label('switch');
  const state = f.label('from');
  f.hoistState(state);
  f.line(`${state} = 0;`);
  f.line(`switch (${emitValue(f, value)}) {`, statement.at);
  const numbers = new Map(places.map((place, index) => [place, index + 1]));
  for (const place of places) {
    for (const entry of place.entries) {
      if (entry.kind === 'case')
        f.line(`  ${caseHeads(entry, value.type)} ${state} = ${numbers.get(place)}; break;`);
      else f.landings.set(entry.name, { form: 'dispatch', label, state, number: numbers.get(place)! });
    }
  }
  f.line('}');
  const before = f.assigned.copy();
  f.line(`${label}: for (;;) {`);
  f.line('  if (--rt.fuel < 0) rt.spin();', statement.at);
  f.line(`  switch (${state}) {`);
  f.breakables.push(
    { kind: 'none', label, labelUsed: true },
    { kind: 'switch', label, labelUsed: true },
    NOTHING,
  );
  f.inLoop++;
  f.insideSwitch++;
  f.indented(() =>
    f.indented(() => {
      for (const place of places) {
        if (place.entries.length > 0) {
          f.line(`case ${numbers.get(place)}:`);
          f.assigned = before.copy();
        }
        f.indented(() => emitStatement(f, place.statement));
      }
    }),
  );
  f.insideSwitch--;
  f.inLoop--;
  f.breakables.splice(-3);
  f.line('  }');
  f.line('  break;');
  f.line('}');
  for (const name of names) f.landings.delete(name);
  f.assigned = before;
  return true;
}

/** Stands between a C switch and the JavaScript one that carries it, so that `break` names its label. */
const NOTHING = { kind: 'none', label: '', labelUsed: false } as const;

type Entry = { readonly kind: 'label'; readonly name: string } | (Statement & { readonly kind: 'case' });

interface Place {
  readonly entries: readonly Entry[];
  readonly statement: Statement;
}

function placesOf(statement: Statement): Place {
  const entries: Entry[] = [];
  let inner = statement;
  while (inner.kind === 'case' || inner.kind === 'label') {
    entries.push(inner.kind === 'case' ? inner : { kind: 'label', name: inner.name });
    inner = inner.body;
  }
  return { entries, statement: inner };
}

function caseHeads(entry: Statement & { kind: 'case' }, type: CType): string {
  if (entry.values === 'default') return 'default:';
  return entry.values.map((value) => `case ${emitConstant(value, type)}:`).join(' ');
}

export function labelsOf(statement: Statement): string[] {
  return statement.kind === 'label' ? [statement.name, ...labelsOf(statement.body)] : [];
}

export function withoutLabels(statement: Statement): Statement {
  return statement.kind === 'label' ? withoutLabels(statement.body) : statement;
}

/** Labels that some goto inside the block names. */
export function gotoLabels(block: BlockStatement): Set<string> {
  const names = new Set<string>();
  for (const statement of block.statements) collect(statement, names);
  return names;
}

export function gotosIn(statement: Statement): Set<string> {
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
