// SPDX-License-Identifier: GPL-2.0-only

import type { CSymbol } from './c-functions.ts';
import type { CToken } from './c-tokens.ts';

/** What a declaration declares; the line numbers come from its tokens. */
export type Declared = Pick<CSymbol, 'name' | 'kind'>;

/** Words that may stand before a declaration without being its type. */
const STORAGE = new Set(
  'static extern inline __inline __inline__ __always_inline noinline asmlinkage __init __exit __ref __cold notrace'.split(
    ' ',
  ),
);

const NOT_A_NAME = new Set(
  'if for while switch return sizeof typeof __typeof__ struct union enum const volatile void int char long short unsigned signed bool _Bool float double'.split(
    ' ',
  ),
);

/** Macros that define a variable and name it in their arguments, by the position of the name. */
const DEFINERS: ReadonlyMap<string, 'first' | 'last'> = new Map([
  ['DEFINE_PER_CPU', 'last'],
  ['DEFINE_PER_CPU_ALIGNED', 'last'],
  ['DEFINE_PER_CPU_SHARED_ALIGNED', 'last'],
  ['DEFINE_PER_CPU_READ_MOSTLY', 'last'],
  ['DEFINE_PER_CPU_PAGE_ALIGNED', 'last'],
  ['LIST_HEAD', 'first'],
  ['HLIST_HEAD', 'first'],
  ['LLIST_HEAD', 'first'],
  ['ATOMIC_NOTIFIER_HEAD', 'first'],
  ['BLOCKING_NOTIFIER_HEAD', 'first'],
  ['RAW_NOTIFIER_HEAD', 'first'],
  ['SRCU_NOTIFIER_HEAD', 'first'],
  ['DECLARE_WORK', 'first'],
  ['DECLARE_DELAYED_WORK', 'first'],
  ['DECLARE_RWSEM', 'first'],
  ['DECLARE_WAIT_QUEUE_HEAD', 'first'],
]);

/** A word followed by a parenthesised group, at the declaration's own level. */
interface Group {
  /** Index of the word. */
  readonly at: number;
  readonly name: string;
  /** Tokens between the parentheses. */
  readonly inner: readonly CToken[];
  /** Index after the closing parenthesis. */
  readonly after: number;
}

/**
 * What the tokens of one file-scope declaration declare. `head` ends before the body's brace if `hasBody`, else
 * before the semicolon; `tail` is what stands between a body's last brace and the semicolon. Undefined for
 * prototypes, extern declarations, calls of macros, and what cannot be made out.
 */
export function declarationOf(
  head: readonly CToken[],
  hasBody: boolean,
  tail: readonly CToken[] = [],
): Declared | undefined {
  const tokens = head.filter((token) => token.kind !== 'directive');
  if (tokens.length === 0) return undefined;
  const level = topLevelMarks(tokens);
  const equals = tokens.findIndex((token, index) => token.text === '=' && level[index] === 0);
  if (equals !== -1) return variableBefore(tokens.slice(0, equals));
  const groups = groupsOf(tokens, level);
  if (hasBody) return functionOf(tokens, groups) ?? aggregateOf(tokens, tail);
  return withoutBody(tokens, groups);
}

/** Depth of parentheses and brackets before each token. */
function topLevelMarks(tokens: readonly CToken[]): number[] {
  const level: number[] = [];
  let depth = 0;
  for (const { text, kind } of tokens) {
    if (kind === 'mark' && (text === ')' || text === ']' || text === '}')) depth -= 1;
    level.push(depth);
    if (kind === 'mark' && (text === '(' || text === '[' || text === '{')) depth += 1;
  }
  return level;
}

function groupsOf(tokens: readonly CToken[], level: readonly number[]): Group[] {
  const groups: Group[] = [];
  for (let index = 0; index + 1 < tokens.length; index += 1) {
    const word = tokens[index];
    if (word?.kind !== 'word' || level[index] !== 0 || tokens[index + 1]?.text !== '(') continue;
    let close = index + 2;
    while (close < tokens.length && !(tokens[close]?.text === ')' && level[close] === 0)) close += 1;
    groups.push({ at: index, name: word.text, inner: tokens.slice(index + 2, close), after: close + 1 });
  }
  return groups;
}

function functionOf(tokens: readonly CToken[], groups: readonly Group[]): Declared | undefined {
  const candidates = groups.filter((group) => !isAttribute(group, tokens) && !NOT_A_NAME.has(group.name));
  const group = candidates[0];
  if (group === undefined) return returnsFunctionPointer(tokens);
  // `struct __packed(4) name {` has a group but is no function: a tag follows it.
  if (tokens[group.after]?.kind === 'word' && startsAggregate(tokens)) {
    if (!groups.some(({ after }) => after === tokens.length)) return undefined;
  }
  const typed = tokens.slice(0, group.at).some(({ kind, text }) => kind === 'word' && !STORAGE.has(text));
  return { kind: 'function', name: typed ? group.name : definedName(group) };
}

/** A group is an attribute if its name says so, or if a whole declaration (a type and a name) comes after it. */
function isAttribute(group: Group, tokens: readonly CToken[]): boolean {
  if (
    /^(?:__attribute__|__attribute|__aligned|__section|__printf|__scanf|typeof|_Alignas)$/.test(group.name)
  ) {
    return true;
  }
  const first = tokens[group.after];
  const second = tokens[group.after + 1];
  return first?.kind === 'word' && (second?.kind === 'word' || second?.text === '*');
}

/** `void (*name(int a))(int)`: the name stands inside a group, behind a star. */
function returnsFunctionPointer(tokens: readonly CToken[]): Declared | undefined {
  const at = tokens.findIndex(
    (token, index) =>
      token.kind === 'word' &&
      tokens[index - 1]?.text === '*' &&
      tokens[index - 2]?.text === '(' &&
      tokens[index + 1]?.text === '(',
  );
  return at === -1 ? undefined : { kind: 'function', name: tokens[at]?.text ?? '' };
}

/** The name that `SYSCALL_DEFINE3(read, …)` and the like define: kernel symbols have a prefix for system calls. */
function definedName(group: Group): string {
  const argument = group.inner.find(({ kind }) => kind === 'word')?.text;
  if (argument === undefined || !/^[A-Z0-9_]+$/.test(group.name)) return group.name;
  if (group.name.startsWith('SYSCALL_DEFINE')) return `sys_${argument}`;
  if (group.name.startsWith('COMPAT_SYSCALL_DEFINE')) return `compat_sys_${argument}`;
  return argument;
}

function startsAggregate(tokens: readonly CToken[]): boolean {
  return tokens.some(({ text }) => text === 'struct' || text === 'union' || text === 'enum');
}

/** A struct, union or enum with its body; named by its tag, or by what follows the body. */
function aggregateOf(tokens: readonly CToken[], tail: readonly CToken[]): Declared | undefined {
  const at = tokens.findIndex(({ text }) => text === 'struct' || text === 'union' || text === 'enum');
  if (at === -1) return undefined;
  const kind = tokens[at]?.text as 'struct' | 'union' | 'enum';
  const level = topLevelMarks(tokens);
  const tag = tokens.slice(at + 1).findLast((token, index) => {
    const next = tokens[at + 2 + index];
    return (
      token.kind === 'word' &&
      level[at + 1 + index] === 0 &&
      next?.text !== '(' &&
      !isAttributeWord(token.text)
    );
  });
  const name = tag?.text ?? lastWord(tail.filter(({ text }) => !isAttributeWord(text)));
  return name === undefined ? undefined : { kind, name };
}

function isAttributeWord(text: string): boolean {
  return /^__(?:packed|aligned|randomize_layout|no_randomize_layout|attribute__|designated_init)$/.test(text);
}

function withoutBody(tokens: readonly CToken[], groups: readonly Group[]): Declared | undefined {
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  if (words[0] === 'typedef') {
    const pointer = tokens.findIndex((token, index) => token.text === '(' && tokens[index + 1]?.text === '*');
    const name = pointer === -1 ? lastWord(tokens) : tokens[pointer + 2]?.text;
    return name === undefined ? undefined : { kind: 'typedef', name };
  }
  if (words.includes('extern') || words.length === 0) return undefined;
  const definer = groups.find(({ name }) => DEFINERS.has(name) || name.startsWith('DEFINE_'));
  if (definer !== undefined) {
    const names = definer.inner.filter(({ kind }) => kind === 'word').map(({ text }) => text);
    const name = DEFINERS.get(definer.name) === 'last' ? names.at(-1) : names[0];
    return name === undefined ? undefined : { kind: 'variable', name };
  }
  const plain = groups.filter((group) => !/^(?:__attribute__|__aligned|__section)$/.test(group.name));
  if (plain.length > 0) return undefined;
  // `struct x;` declares no variable: two words at least must be left.
  if (words.length === 2 && /^(?:struct|union|enum)$/.test(words[0] ?? '')) return undefined;
  return words.length < 2 ? undefined : variableBefore(tokens);
}

/** The variable that tokens before `=` or `;` declare: the last word outside brackets, attributes left out. */
function variableBefore(tokens: readonly CToken[]): Declared | undefined {
  const level = topLevelMarks(tokens);
  const pointer = tokens.findIndex((token, index) => token.text === '(' && tokens[index + 1]?.text === '*');
  if (pointer !== -1) {
    const name = tokens[pointer + 2]?.text;
    return name === undefined ? undefined : { kind: 'variable', name };
  }
  const words = tokens.filter((token, index) => token.kind === 'word' && level[index] === 0);
  const name = words.findLast(({ text }) => !text.startsWith('__') && !NOT_A_NAME.has(text)) ?? words.at(-1);
  return name === undefined || words.length < 2 ? undefined : { kind: 'variable', name: name.text };
}

function lastWord(tokens: readonly CToken[]): string | undefined {
  return tokens.findLast(({ kind }) => kind === 'word')?.text;
}
