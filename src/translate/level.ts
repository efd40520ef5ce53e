// SPDX-License-Identifier: GPL-2.0-only
import type { BlockStatement, Expression, Statement } from './syntax.ts';
import type { Token } from './token.ts';
import { logicalNot } from './typing.ts';

/**
 * Bodies with jumps into statements: `goto` to a label inside a loop or a branch, and `case` labels inside of what a
 * switch holds (Duff's device). Such a body is made level: one list of simple statements, labels and jumps, which
 * emit-goto.ts prints as a dispatch loop. Returns undefined where nothing jumps into a statement, and where a variable
 * with a cleanup function would have to be followed through the jumps.
 */
export function levelled(body: BlockStatement): BlockStatement | undefined {
  if (!entersStatement(body, new Set())) return undefined;
  const level = new Level();
  if (!level.add(body)) return undefined;
  return { kind: 'block', at: body.at, statements: level.statements };
}

/** @param visible - labels of the blocks around, which emit-goto.ts can land at. */
function entersStatement(statement: Statement, visible: ReadonlySet<string>): boolean {
  const enters = (inner: Statement): boolean => entersStatement(inner, visible);
  switch (statement.kind) {
    case 'goto':
      return !visible.has(statement.label);
    case 'case':
      return true;
    case 'label':
      return enters(statement.body);
    case 'block': {
      const inside = new Set([...visible, ...statement.statements.flatMap((each) => heads(each).labels)]);
      return statement.statements.some((each) => entersStatement(behindLabels(each), inside));
    }
    case 'switch': {
      const items = statement.body.kind === 'block' ? statement.body.statements : [statement.body];
      const inside = new Set([...visible, ...items.flatMap((each) => heads(each).labels)]);
      return items.some((each) => entersStatement(heads(each).statement, inside));
    }
    case 'if':
      return enters(statement.yes) || (statement.no !== undefined && enters(statement.no));
    case 'for':
    case 'do':
      return enters(statement.body);
    case 'expression': {
      const block = blockOf(statement.expression);
      return block !== undefined && enters(block);
    }
    default:
      return false;
  }
}

/** The labels that stand before a statement, among cases if there are any. */
function heads(statement: Statement): { readonly labels: readonly string[]; readonly statement: Statement } {
  const labels: string[] = [];
  let inner = statement;
  while (inner.kind === 'label' || inner.kind === 'case') {
    if (inner.kind === 'label') labels.push(inner.name);
    inner = inner.body;
  }
  return { labels, statement: inner };
}

function behindLabels(statement: Statement): Statement {
  return statement.kind === 'label' ? behindLabels(statement.body) : statement;
}

/** A statement macro, `({ … })` as a statement of its own. */
function blockOf(expression: Expression): BlockStatement | undefined {
  if (expression.kind === 'cast') return blockOf(expression.operand);
  return expression.kind === 'statements' ? expression.block : undefined;
}

/** Where `break` and `continue` lead, and the cases that the innermost switch has shown so far. */
interface Around {
  readonly leave?: string;
  readonly next?: string;
  readonly cases?: (Statement & { readonly kind: 'case' })[];
}

class Level {
  readonly statements: Statement[] = [];
  #made = 0;

  /** Returns false where the statement cannot be made level. */
  add(statement: Statement, around: Around = {}): boolean {
    const { at } = statement;
    switch (statement.kind) {
      case 'block':
        return statement.statements.every((inner) => this.add(inner, around));
      case 'declare':
        this.statements.push(statement);
        return statement.cleanup === undefined;
      case 'label':
        this.#label(at, statement.name);
        return this.add(statement.body, around);
      case 'case': {
        const label = this.#name('case');
        around.cases?.push({ ...statement, body: jump(at, label) });
        this.#label(at, label);
        return around.cases !== undefined && this.add(statement.body, around);
      }
      case 'if':
        return this.#addIf(statement, around);
      case 'for':
        return this.#addFor(statement, around);
      case 'do':
        return this.#addDo(statement, around);
      case 'switch':
        return this.#addSwitch(statement, around);
      case 'break':
        return this.#jump(at, around.leave);
      case 'continue':
        return this.#jump(at, around.next);
      case 'expression': {
        const block = blockOf(statement.expression);
        if (block !== undefined) return this.add(block, around);
        this.statements.push(statement);
        return true;
      }
      default:
        this.statements.push(statement);
        return true;
    }
  }

  #addIf({ at, condition, yes, no }: Statement & { kind: 'if' }, around: Around): boolean {
    const [otherwise, end] = [this.#name('else'), this.#name('end')];
    this.#jumpUnless(at, condition, otherwise);
    if (!this.add(yes, around)) return false;
    this.#jump(at, end);
    this.#label(at, otherwise);
    if (no !== undefined && !this.add(no, around)) return false;
    this.#label(at, end);
    return true;
  }

  #addFor(loop: Statement & { kind: 'for' }, around: Around): boolean {
    const { at, declarations, condition, step, body } = loop;
    const [test, next, leave] = [this.#name('test'), this.#name('next'), this.#name('leave')];
    if (!declarations.every((each) => this.add(each, around))) return false;
    this.#label(at, test);
    if (condition !== undefined) this.#jumpUnless(at, condition, leave);
    if (!this.add(body, { ...around, leave, next })) return false;
    this.#label(at, next);
    if (step !== undefined) this.statements.push({ kind: 'expression', at, expression: step });
    this.#jump(at, test);
    this.#label(at, leave);
    return true;
  }

  #addDo({ at, body, condition }: Statement & { kind: 'do' }, around: Around): boolean {
    const [again, next, leave] = [this.#name('again'), this.#name('next'), this.#name('leave')];
    this.#label(at, again);
    if (!this.add(body, { ...around, leave, next })) return false;
    this.#label(at, next);
    this.statements.push({ kind: 'if', at, condition, yes: jump(at, again), no: undefined });
    this.#label(at, leave);
    return true;
  }

  /** A switch whose cases only jump; where they lead to follows it. */
  #addSwitch({ at, value, body }: Statement & { kind: 'switch' }, around: Around): boolean {
    const leave = this.#name('leave');
    const cases: (Statement & { readonly kind: 'case' })[] = [];
    const chosen: Statement[] = [];
    const choice: BlockStatement = { kind: 'block', at, statements: chosen };
    this.statements.push({ kind: 'switch', at, value, body: choice });
    this.#jump(at, leave);
    if (!this.add(body, { ...around, leave, cases })) return false;
    chosen.push(...cases);
    this.#label(at, leave);
    return true;
  }

  #name(what: string): string {
    return `${what}$${++this.#made}`;
  }

  #label(at: Token, name: string): void {
    this.statements.push({ kind: 'label', at, name, body: { kind: 'empty', at } });
  }

  #jump(at: Token, label: string | undefined): boolean {
    if (label !== undefined) this.statements.push(jump(at, label));
    return label !== undefined;
  }

  #jumpUnless(at: Token, condition: Expression, label: string): void {
    this.statements.push({
      kind: 'if',
      at,
      condition: logicalNot(at, condition),
      yes: jump(at, label),
      no: undefined,
    });
  }
}

function jump(at: Token, label: string): Statement {
  return { kind: 'goto', at, label };
}
