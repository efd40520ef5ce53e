// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { CType, MemberDeclaration, StructType } from './c-type.ts';
import { parseEnum } from './parse-enum.ts';
import { parseConstant, parseExpression } from './parse-expression.ts';
import type { Parser } from './parser.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';
import { layOutStruct } from './unfinished-struct.ts';

export interface Attributes {
  packed: boolean;
  aligned: number | undefined;
  cleanup: string | undefined;
  transparentUnion: boolean;
}

export function noAttributes(): Attributes {
  return { packed: false, aligned: undefined, cleanup: undefined, transparentUnion: false };
}

export interface Specifiers {
  readonly type: CType;
  readonly storage: 'typedef' | 'extern' | 'static' | undefined;
  readonly inline: boolean;
  /** `__auto_type`: the type is the initialiser's. */
  readonly auto: boolean;
  readonly attributes: Attributes;
}

const QUALIFIERS = new Set([
  'const', 'volatile', 'restrict', '__restrict', '__restrict__', '__const', '__volatile__', 'register', 'auto', 'constexpr',
  '_Noreturn', '__extension__', 'inline', '__inline', '__inline__', '_Thread_local', '_Atomic', '__signed__',
]); // prettier-ignore
const WORDS = new Set([
  'void',
  '_Bool',
  'char',
  'short',
  'int',
  'long',
  'signed',
  'unsigned',
  '__descriptor',
  '__int128',
  '__builtin_va_list',
]);
const TAGGED = new Set(['struct', 'union', 'enum']);
/** Statements and operators begin with these: they are no types that a header might know. */
const KEYWORDS = new Set([
  'return', 'goto', 'else', 'case', 'default', 'do', 'while', 'for', 'if', 'switch', 'break', 'continue', 'sizeof', 'asm',
  '__asm__', '__asm', '__func__', '__FUNCTION__', '__label__', '_Generic',
]); // prettier-ignore
const STORAGE = new Set(['typedef', 'extern', 'static']);
const MORE_WORDS = new Set(['__attribute__', '__auto_type', '_Static_assert', '_Alignas', 'alignas']);
const ALIGNAS = new Set(['_Alignas', 'alignas']);
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', '__typeof_unqual__', 'typeof_unqual']);

const beginsType = (word: string): boolean =>
  [QUALIFIERS, WORDS, TAGGED, STORAGE, TYPEOF, MORE_WORDS].some((words) => words.has(word));

/** A word of the language, which no header is asked about. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word) || beginsType(word);
}

/** Does a declaration (or a type name) start at the current token? */
export function startsType(p: Parser, ahead = 0): boolean {
  const token = p.peek(ahead);
  if (token.kind !== 'identifier') return false;
  const { text } = token;
  if (beginsType(text)) return true;
  const named = p.scope.find(text);
  if (named !== undefined) return named.kind === 'typedef';
  if (KEYWORDS.has(text)) return false;
  // Looks like `name_t *x` or `name_t x`: the tree's headers may know the type.
  const next = p.peek(ahead + 1);
  if (!(next.kind === 'identifier' || next.text === '*')) return false;
  const found = p.findInTree(text, p.at + ahead, 'a type');
  if (found === 'expanded') return startsType(p, ahead);
  return found === 'declared' && p.scope.find(text)?.kind === 'typedef';
}

export function parseSpecifiers(p: Parser): Specifiers {
  const attributes = noAttributes();
  const words: string[] = [];
  let storage: Specifiers['storage'];
  let inline = false;
  let auto = false;
  /** C23: `auto` without a type. */
  let bareAuto = false;
  let type: CType | undefined;
  const start = p.peek();
  for (;;) {
    const token = p.peek();
    const { text } = token;
    if (isStandardAttribute(p)) p.skipBalanced();
    else if (token.kind !== 'identifier') break;
    else if (STORAGE.has(text)) storage = p.next().text as Specifiers['storage'];
    else if (text === '__attribute__') parseAttributes(p, attributes);
    else if (ALIGNAS.has(text)) parseAlignment(p, attributes);
    else if (QUALIFIERS.has(text)) {
      bareAuto ||= text === 'auto';
      inline = p.next().text.includes('inline') || inline;
    } else if (text === '__auto_type') auto = p.next() !== undefined;
    else if (WORDS.has(text)) words.push(p.next().text);
    else if (type !== undefined || words.length > 0 || auto) break;
    // `static DEFINE_WHAT(name)`: the macro stands for the declaration.
    else if (storage !== undefined && p.is('(', 1) && p.expandsInTree()) continue;
    else if (text === 'struct' || text === 'union') type = parseStruct(p);
    else if (text === 'enum') type = parseEnum(p);
    else if (TYPEOF.has(text)) type = parseTypeof(p);
    else if (startsType(p)) {
      // It was a macro of the tree's headers: what stands there now may be anything of the above.
      if (p.peek() !== token) continue;
      const named = p.scope.find(p.next().text);
      type = named?.kind === 'typedef' ? named.type : undefined;
    } else break;
  }
  auto ||= bareAuto && type === undefined && words.length === 0;
  type ??= words.length === 0 ? c.INT : wordsType(p, words);
  if (words.length === 0 && type === c.INT && !auto && storage === undefined && start === p.peek()) {
    throw new TranslateError(`unknown type \`${start.text}\``, start);
  }
  return { type, storage, inline, auto, attributes };
}

function wordsType(p: Parser, words: readonly string[]): CType {
  const count = (word: string): number => words.filter((other) => other === word).length;
  if (count('void') > 0) return c.VOID;
  if (count('__builtin_va_list') > 0) return t.VARIABLE_ARGUMENTS;
  if (count('_Bool') > 0) return c.BOOL;
  if (count('__descriptor') > 0) return c.DESCRIPTOR;
  const unsigned = count('unsigned') > 0;
  if (count('__int128') > 0) return unsigned ? c.UINT128 : c.INT128;
  if (count('char') > 0) {
    if (count('signed') > 0) return c.SCHAR;
    return unsigned || p.options.charUnsigned ? c.UCHAR : c.SCHAR;
  }
  if (count('short') > 0) return unsigned ? c.USHORT : c.SHORT;
  if (count('long') > 1) return unsigned ? c.ULLONG : c.LLONG;
  if (count('long') > 0) return unsigned ? c.ULONG : c.LONG;
  return unsigned ? c.UINT : c.INT;
}

function parseTypeof(p: Parser): CType {
  p.next();
  p.expect('(');
  const type = p.withoutEvaluation(() => (startsType(p) ? parseTypeName(p) : parseExpression(p).type));
  p.expect(')');
  return type;
}

/** `__attribute__((…))`, any number of them; those that change meaning are kept. */
export function parseAttributes(p: Parser, into: Attributes): void {
  while (p.is('__attribute__') || p.is('asm') || p.is('__asm__') || isStandardAttribute(p)) {
    if (isStandardAttribute(p)) {
      p.skipBalanced();
      continue;
    }
    const word = p.next();
    if (word.text !== '__attribute__') {
      p.skipBalanced();
      continue;
    }
    p.expect('(');
    p.expect('(');
    while (!p.is(')')) {
      const name = p.next().text.replaceAll('__', '');
      if (name === 'packed') into.packed = true;
      if (name === 'transparent_union') into.transparentUnion = true;
      if (name === 'aligned') into.aligned = p.is('(') ? alignedArgument(p) : 16;
      else if (name === 'cleanup') {
        p.expect('(');
        into.cleanup = p.identifier().text;
        p.expect(')');
      } else if (p.is('(')) p.skipBalanced();
      if (!p.accept(',') && !p.is(')')) throw new TranslateError('malformed __attribute__', p.peek());
    }
    p.expect(')');
    p.expect(')');
  }
}

/** Attributes behind a declarator, where a word that nobody knows is a macro of the tree's headers for some. */
export function parseTrailingAttributes(p: Parser, into: Attributes): void {
  parseAttributes(p, into);
  while (p.peek().kind === 'identifier' && p.expandsInTree('a type')) parseAttributes(p, into);
}

/** C23's `[[…]]`: none of them changes meaning. */
export function isStandardAttribute(p: Parser): boolean {
  return p.is('[') && p.is('[', 1);
}

/** `_Alignas(n)` or `_Alignas(type)`; the strictest counts, and 0 asks for nothing. */
function parseAlignment(p: Parser, into: Attributes): void {
  p.next();
  p.expect('(');
  const asked = startsType(p) ? c.alignOf(parseTypeName(p)) : Number(parseConstant(p));
  p.expect(')');
  if (asked > 0) into.aligned = Math.max(into.aligned ?? 1, asked);
}

function alignedArgument(p: Parser): number {
  p.expect('(');
  const value = Number(parseConstant(p));
  p.expect(')');
  return value;
}

function parseStruct(p: Parser): StructType {
  const union = p.next().text === 'union';
  const attributes = noAttributes();
  parseAttributes(p, attributes);
  const tag = p.peek().kind === 'identifier' ? p.next() : undefined;
  const fresh = (): StructType => ({
    kind: 'struct',
    union,
    tag: tag?.text,
    members: undefined,
    size: 0,
    align: 1,
  });
  if (!p.is('{')) {
    if (tag === undefined) throw new TranslateError('struct without a tag or a body', p.peek());
    const known = p.scope.findTag(tag.text);
    if (known?.kind === 'struct') return known;
    const type = fresh();
    p.scope.declareTag(tag.text, type);
    return type;
  }
  const known =
    tag === undefined ? undefined : (p.scope.findTagHere(tag.text) ?? incompleteOuter(p, tag.text));
  const type = known?.kind === 'struct' && known.members === undefined ? known : fresh();
  if (tag !== undefined) p.scope.declareTag(tag.text, type);
  p.expect('{');
  const members: MemberDeclaration[] = [];
  p.nested(() => {
    while (!p.is('}')) parseMembers(p, members);
  });
  p.expect('}');
  parseAttributes(p, attributes);
  layOutStruct(type, { members, packed: attributes.packed, aligned: attributes.aligned });
  noteTransparent(type, attributes);
  return type;
}

/** `__transparent_union__` stands behind a union's body, or behind the name that a typedef gives it. */
export function noteTransparent(type: CType, { transparentUnion }: Attributes): void {
  if (transparentUnion && type.kind === 'struct' && type.union) type.transparent = true;
}

/** A struct that an outer file scope only declared is the one that this body completes. */
function incompleteOuter(p: Parser, tag: string): StructType | undefined {
  if (p.context !== undefined) return undefined;
  const outer = p.scope.findTag(tag);
  return outer?.kind === 'struct' && outer.members === undefined ? outer : undefined;
}

function parseMembers(p: Parser, into: MemberDeclaration[]): void {
  if (p.accept(';')) return;
  if (p.is('_Static_assert')) {
    p.next();
    p.skipBalanced();
    p.expect(';');
    return;
  }
  const specifiers = parseSpecifiers(p);
  if (p.is(';')) {
    if (specifiers.type.kind === 'struct') {
      into.push({
        name: undefined,
        type: specifiers.type,
        bitWidth: undefined,
        packed: false,
        align: specifiers.attributes.aligned,
      });
    }
    p.next();
    return;
  }
  do {
    const declarator = p.is(':')
      ? { name: undefined, type: specifiers.type }
      : parseDeclarator(p, specifiers.type);
    const bitWidth = p.accept(':') ? Number(parseConstant(p)) : undefined;
    const attributes: Attributes = { ...specifiers.attributes };
    parseTrailingAttributes(p, attributes);
    const { packed, aligned: align } = attributes;
    into.push({ name: declarator.name?.text, type: declarator.type, bitWidth, packed, align });
  } while (p.accept(','));
  p.expect(';');
}

export interface Declarator {
  readonly name: Token | undefined;
  readonly type: CType;
}

/** A declarator with or without a name: `*x[3]`, `(*f)(int)`, `*`. */
export function parseDeclarator(p: Parser, base: CType): Declarator {
  return p.nested(() => {
    let type = base;
    const ignored = noAttributes();
    parseAttributes(p, ignored);
    while (p.accept('*')) {
      type = c.pointerTo(type);
      while (QUALIFIERS.has(p.peek().text) || p.is('__attribute__')) {
        if (p.is('__attribute__')) parseAttributes(p, ignored);
        else p.next();
      }
    }
    if (p.is('(') && !startsType(p, 1) && !p.is(')', 1)) {
      // The inner declarator applies to what stands behind the parentheses, so that is read first.
      const inside = p.at;
      p.skipBalanced();
      const outer = parseSuffixes(p, type);
      const after = p.at;
      p.at = inside;
      p.expect('(');
      const inner = parseDeclarator(p, outer);
      p.expect(')');
      p.at = after;
      return inner;
    }
    const name = p.peek().kind === 'identifier' && !p.is('__attribute__') ? p.next() : undefined;
    return { name, type: parseSuffixes(p, type) };
  });
}

/** The model's memory has room for some such arrays, and the kernel has none that are as large. */
const LARGEST_ARRAY = 2 ** 26;

function parseSuffixes(p: Parser, type: CType): CType {
  if (p.is('[')) {
    p.next();
    while (QUALIFIERS.has(p.peek().text) || p.is('static')) p.next();
    const at = p.peek();
    const length = p.is(']') ? undefined : Number(parseConstant(p));
    p.expect(']');
    if (length !== undefined && !(length >= 0 && length < 2 ** 31))
      throw new TranslateError('array length', at);
    const of = parseSuffixes(p, type);
    if ((length ?? 0) * (c.sizeOf(of) ?? 0) > LARGEST_ARRAY)
      throw new TranslateError(`an array of more than ${LARGEST_ARRAY} bytes`, at);
    return { kind: 'array', of, length };
  }
  if (p.is('(')) return parseParameters(p, type);
  return type;
}

function parseParameters(p: Parser, result: CType): CType {
  p.expect('(');
  if (p.accept(')')) return { kind: 'function', result, parameters: [], variadic: false, unspecified: true };
  if (p.is('void') && p.is(')', 1)) {
    p.at += 2;
    return { kind: 'function', result, parameters: [], variadic: false, unspecified: false };
  }
  const parameters: c.Parameter[] = [];
  let variadic = false;
  do {
    if (p.accept('...')) {
      variadic = true;
      break;
    }
    const specifiers = parseSpecifiers(p);
    const declarator = parseDeclarator(p, specifiers.type);
    parseAttributes(p, specifiers.attributes);
    parameters.push({ name: declarator.name?.text, type: parameterType(declarator.type) });
  } while (p.accept(','));
  p.expect(')');
  return { kind: 'function', result, parameters, variadic, unspecified: false };
}

function parameterType(type: CType): CType {
  if (type.kind === 'array') return c.pointerTo(type.of);
  return type.kind === 'function' ? c.pointerTo(type) : type;
}

/** A type without a name, as in casts and sizeof. */
export function parseTypeName(p: Parser): CType {
  const specifiers = parseSpecifiers(p);
  return parseDeclarator(p, specifiers.type).type;
}
