// SPDX-License-Identifier: GPL-2.0-only
import { emitEffect, emitValue } from './emit-expression.ts';
import type { FunctionEmitter } from './emit-function.ts';
import type { Expression, Statement } from './syntax.ts';

/** A GNU statement expression: a comma expression where it is straight, else a function that is called at once. */
export function emitStatements(
  f: FunctionEmitter,
  e: Expression & { kind: 'statements' },
  wanted: boolean,
): string {
  const parts: string[] = [];
  const { statements } = e.block;
  const simple = statements.every(isStraight);
  if (!simple) return f.statementsAsFunction(e.block, wanted && e.type.kind !== 'void');
  for (const [position, statement] of statements.entries()) {
    const isLast = position === statements.length - 1;
    const text = straight(f, statement, isLast && wanted && e.type.kind !== 'void');
    if (text !== undefined) parts.push(text);
  }
  if (parts.length === 0) return 'undefined';
  return parts.length === 1 ? parts[0]! : `(${parts.join(', ')})`;
}

export function isStraight(statement: Statement): boolean {
  if (statement.kind === 'declare') return statement.cleanup === undefined;
  if (statement.kind === 'do') {
    const once = statement.condition.kind === 'number' && statement.condition.value === 0;
    return once && isStraight(statement.body);
  }
  if (statement.kind === 'block') return statement.statements.every(isStraight);
  return statement.kind === 'expression' || statement.kind === 'empty';
}

function straight(f: FunctionEmitter, statement: Statement, wanted: boolean): string | undefined {
  switch (statement.kind) {
    case 'expression':
      return wanted ? emitValue(f, statement.expression) : emitEffect(f, statement.expression);
    case 'declare': {
      f.hoist(statement.variable);
      return f.declareText(statement.variable, statement.value);
    }
    case 'do':
      return straight(f, statement.body, false);
    case 'block': {
      const parts = statement.statements
        .map((inner) => straight(f, inner, false))
        .filter((text) => text !== undefined);
      return parts.length === 0 ? undefined : `(${parts.join(', ')})`;
    }
    default:
      return undefined;
  }
}
