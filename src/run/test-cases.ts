// SPDX-License-Identifier: GPL-2.0-only
import { sizeOf, type CType } from '../translate/c-type.ts';
import type { Expression, FunctionDefinition, Initialiser, Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import type { Program } from './program.ts';

/** A case of a test module, as the module's own table lists it. */
export interface TestCase {
  readonly name: string;
  /** Takes nothing, and returns 0 when the test passed. */
  readonly function: string;
  readonly expected: 'pass' | 'fail';
  /** What says that it fails: the table's own field, or the comment above the function in trees whose table has none. */
  readonly expectedBy?: 'xfail' | 'comment';
}

/** The table that test modules of this kind keep their cases in. */
const TABLE = 'test_case_array';

/** The cases of a module in the order of its table; none where it has no such table. */
export function testCasesOf(unit: TranslationUnit): readonly TestCase[] {
  const table = unit.statics.find(({ name }) => name === TABLE);
  const element = table?.type.kind === 'array' ? table.type.of : undefined;
  const size = element === undefined ? undefined : sizeOf(element);
  if (table === undefined || element === undefined || size === undefined || size === 0) return [];
  const rows = new Map<number, Initialiser[]>();
  for (const store of table.initialisers ?? []) {
    const row = Math.floor(store.offset / size);
    rows.set(row, [...(rows.get(row) ?? []), store]);
  }
  return [...rows.values()].flatMap((stores) => caseOf(unit, element, size, stores) ?? []);
}

/** What the tables of these modules call. */
export function casesOf({ units }: Program, modules: readonly string[]): readonly string[] {
  return units
    .filter(({ path }) => modules.includes(path))
    .flatMap((unit) => testCasesOf(unit).map((each) => each.function));
}

function caseOf(
  unit: TranslationUnit,
  element: CType,
  size: number,
  stores: readonly Initialiser[],
): TestCase | undefined {
  const name = stores.map(({ value }) => stringIn(value)).find((text) => text !== undefined);
  const fn = stores.map(({ value }) => functionIn(value)).find((text) => text !== undefined);
  if (fn === undefined) return undefined;
  const marked = isMarked(element, size, stores);
  const said = marked ?? failsByComment(unit.functions.get(fn));
  return {
    name: name ?? fn,
    function: fn,
    expected: said ? 'fail' : 'pass',
    ...(said && { expectedBy: marked === undefined ? 'comment' : 'xfail' }),
  };
}

/** What the table's field says; undefined where it has none. */
function isMarked(element: CType, size: number, stores: readonly Initialiser[]): boolean | undefined {
  const members = element.kind === 'struct' ? element.members : undefined;
  const field = members?.find(({ name }) => name?.endsWith('xfail') === true);
  if (field === undefined) return undefined;
  const store = stores.find(({ offset }) => offset % size === field.offset);
  return store !== undefined && numberIn(store.value) !== 0;
}

/** Lines above a function in which its comment is looked for. */
const COMMENT_LINES = 40;

/** Does the comment that ends right above the function say that it fails? */
function failsByComment(definition: FunctionDefinition | undefined): boolean {
  if (definition === undefined) return false;
  const { file, line } = definition.at;
  const before = file.text.split('\n').slice(Math.max(0, line - 1 - COMMENT_LINES), line - 1);
  // The name may stand on the line below its type.
  if (/^[a-z][\w *]*$/.test(before.at(-1) ?? '')) before.pop();
  const text = before.join(' ').trimEnd();
  if (!text.endsWith('*/')) return false;
  const words = text
    .slice(text.lastIndexOf('/*'))
    .split(/[\s*]+/)
    .join(' ');
  return /\b(?:supposed|expected) to (?:be )?fail/.test(words);
}

/** An address or a value, without the casts around it. */
function inner(value: Expression): Expression {
  if (value.kind === 'cast') return inner(value.operand);
  return value.kind === 'address' ? inner(value.of) : value;
}

function stringIn(value: Expression): string | undefined {
  const found = inner(value);
  if (found.kind !== 'string') return undefined;
  return new TextDecoder().decode(Uint8Array.from(found.bytes)).replace(/\0.*$/s, '');
}

function functionIn(value: Expression): string | undefined {
  const found = inner(value);
  return found.kind === 'function' ? found.name : undefined;
}

function numberIn(value: Expression): number {
  const found = inner(value);
  return found.kind === 'number' ? Number(found.value) : 0;
}

/** A number that a module lets its loader set. */
export interface ModuleParameter {
  readonly variable: Variable;
  /** Bytes. */
  readonly size: number;
  readonly unsigned: boolean;
  readonly isBoolean: boolean;
  /** As the module sets it. */
  readonly initial: number;
}

/** The numbers of file scope that a module begins with; those are what it declares as parameters. */
export function moduleParameters(unit: TranslationUnit): ReadonlyMap<string, ModuleParameter> {
  const parameters = new Map<string, ModuleParameter>();
  for (const variable of unit.statics) {
    const { type, name, initialisers = [], defined, at } = variable;
    if (type.kind !== 'integer' || defined !== true || at.file.path !== unit.path) continue;
    const [first] = initialisers;
    const initial = first === undefined ? 0 : numberIn(first.value);
    const { size, unsigned, bool: isBoolean = false } = type;
    parameters.set(name, { variable, size, unsigned, isBoolean, initial });
  }
  return parameters;
}
