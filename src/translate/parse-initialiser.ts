// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { ArrayType, CType, StructType } from './c-type.ts';
import { parseAssignment, parseConstant } from './parse-expression.ts';
import type { Parser } from './parser.ts';
import type { Expression, Initialiser } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

export interface ParsedInitialiser {
  /** The object's type, with the length of `[]` found. */
  readonly type: CType;
  readonly stores: readonly Initialiser[];
}

/** `= …` after a declarator, or the braces of a compound literal (C11 6.7.9, with GNU's ranges). */
export function parseInitialiser(p: Parser, type: CType): ParsedInitialiser {
  const stores: Initialiser[] = [];
  const reader = new InitialiserReader(p, stores);
  if (type.kind === 'array' && type.length === undefined) {
    const length = reader.object(type, 0);
    return { type: { ...type, length }, stores: dropOverwritten(stores) };
  }
  reader.object(type, 0);
  return { type, stores: dropOverwritten(stores) };
}

/** A later initialiser of the same bytes wins. */
function dropOverwritten(stores: readonly Initialiser[]): Initialiser[] {
  const last = new Map<string, Initialiser>();
  for (const store of stores) {
    const key = `${store.offset}:${c.sizeOf(store.type) ?? 0}:${store.member?.bits?.start ?? ''}`;
    last.delete(key);
    last.set(key, store);
  }
  return [...last.values()];
}

const ELEMENT_LIMIT = 1 << 20;

class InitialiserReader {
  readonly #p: Parser;
  readonly #stores: Initialiser[];
  /** Nothing was stored at this offset or behind it. */
  #end = 0;

  constructor(p: Parser, stores: Initialiser[]) {
    this.#p = p;
    this.#stores = stores;
  }

  /** Reads the initialiser of an object; returns the number of elements of an array. */
  object(type: CType, offset: number): number {
    const p = this.#p;
    return p.nested(() => {
      while (p.expandsInTree());
      if (type.kind === 'array') {
        if (this.#wholeString(0) && c.isInteger(type.of) && type.of.size === 1)
          return this.#string(type, offset);
        if (p.is('{') && this.#wholeString(1) && c.isInteger(type.of) && type.of.size === 1) {
          p.next();
          const length = this.#string(type, offset);
          p.accept(',');
          p.expect('}');
          return length;
        }
        return p.is('{') ? this.#arrayList(type, offset) : this.#arrayFlat(type, offset, 0);
      }
      if (type.kind === 'struct') {
        if (p.is('{')) {
          this.#structList(type, offset);
          return 0;
        }
        this.#structOrMembers(type, offset);
        return 0;
      }
      if (type.kind === 'descriptor' && p.is('{')) this.#bits(offset);
      else this.#scalar(type, offset);
      return 0;
    });
  }

  /** A descriptor in braces: the struct of one word that architectures declare it as. */
  #bits(offset: number): void {
    const p = this.#p;
    p.expect('{');
    if (p.accept('.')) {
      p.identifier();
      p.expect('=');
    }
    const bits = p.is('}') ? t.number(p.peek(), 0, c.ULLONG) : parseAssignment(p);
    this.#push({ offset, type: c.DESCRIPTOR, value: t.descriptorOf(bits.at, bits) });
    p.accept(',');
    p.expect('}');
  }

  /** String literals that are the whole initialiser, and not the start of an expression as in `"abc"[1]`. */
  #wholeString(ahead: number): boolean {
    const p = this.#p;
    if (p.peek(ahead).kind !== 'string') return false;
    let behind = ahead;
    while (p.peek(behind).kind === 'string') behind++;
    return [',', '}', ';', ')'].some((text) => p.is(text, behind));
  }

  #scalar(type: CType, offset: number): void {
    const p = this.#p;
    if (p.accept('{')) {
      if (p.accept('}')) return;
      this.#scalar(type, offset);
      p.accept(',');
      p.expect('}');
      return;
    }
    this.#store(type, offset, parseAssignment(p));
  }

  #store(type: CType, offset: number, value: Expression): void {
    this.#push({ offset, type, value: t.convert(value, type) });
  }

  #push(store: Initialiser): void {
    if (this.#stores.length >= ELEMENT_LIMIT)
      throw new TranslateError('initialiser too large', store.value.at);
    if (store.offset < this.#end) this.#forgetWhole(store);
    this.#stores.push(store);
    this.#end = Math.max(this.#end, store.offset + (c.sizeOf(store.type) ?? 0));
  }

  /** Without braces: either a whole struct as a value, or values for its members in order. */
  #structOrMembers(type: StructType, offset: number): void {
    const value = parseAssignment(this.#p);
    if (value.type.kind === 'struct' && c.sameType(value.type, type)) {
      this.#push({ offset, type, value });
      return;
    }
    this.#structFlat(type, offset, value);
  }

  #structFlat(type: StructType, offset: number, first: Expression | undefined): void {
    const members = membersToFill(type);
    const [start] = members;
    if (start === undefined) return;
    const at = offset + start.offset;
    if (first === undefined) this.#member(start, at);
    else if (start.type.kind === 'struct') {
      if (c.sameType(start.type, first.type)) this.#push({ offset: at, type: start.type, value: first });
      else this.#structFlat(start.type, at, first);
    } else if (start.type.kind === 'array') this.#arrayFlat(start.type, at, 0, first);
    else this.#push({ offset: at, type: start.type, member: start, value: t.convert(first, start.type) });
    this.#structRest(type, offset, 1);
  }

  /** The members from the given one on, as long as there are values without a designator. */
  #structRest(type: StructType, offset: number, from: number): void {
    for (const member of membersToFill(type).slice(from)) {
      if (!this.#another()) return;
      this.#member(member, offset + member.offset);
    }
  }

  /** Steps over a comma, if the value behind it belongs to what is filled without braces. */
  #another(): boolean {
    const p = this.#p;
    if (!p.is(',') || ['}', '.', '['].some((text) => p.is(text, 1))) return false;
    p.next();
    return true;
  }

  #member(member: c.Member, offset: number): void {
    if (member.bits === undefined) {
      this.object(member.type, offset);
      return;
    }
    const value = t.convert(parseAssignment(this.#p), member.type);
    this.#push({ offset, type: member.type, member, value });
  }

  #structList(type: StructType, offset: number): void {
    const p = this.#p;
    p.complete(type);
    this.#forget(type, offset);
    p.expect('{');
    const members = namedMembers(type);
    let index = 0;
    while (!p.is('}')) {
      const gnuName = p.peek().kind === 'identifier' && p.is(':', 1);
      if (p.is('.') || gnuName) {
        if (!gnuName) p.next();
        const name = p.identifier();
        if (gnuName) p.next();
        index = this.#designatedMember(type, offset, name) + 1;
      } else {
        const member = members[index++];
        if (member === undefined || (type.union && index > 1)) {
          throw new TranslateError('more initialisers than members', p.peek());
        }
        this.#member(member, offset + member.offset);
      }
      if (!p.accept(',')) break;
    }
    p.expect('}');
  }

  /** The value of the member of that name, and what follows inside of it; returns which of the struct's members it is in. */
  #designatedMember(type: StructType, offset: number, name: Token): number {
    const members = namedMembers(type);
    const index = members.findIndex((member) => member.name === name.text || holds(member, name.text));
    const member = members[index];
    if (member === undefined) throw new TranslateError(`no member \`${name.text}\` to initialise`, name);
    const at = offset + member.offset;
    if (member.name === undefined && member.type.kind === 'struct') {
      const inside = this.#designatedMember(member.type, at, name);
      this.#structRest(member.type, at, inside + 1);
    } else if (!this.#descend(member.type, at)) {
      this.#p.accept('=');
      this.#member(member, at);
    }
    return index;
  }

  /** A further part of a designator, if there is one, its value, and what follows in the same object (C11 6.7.9p17). */
  #descend(type: CType, offset: number): boolean {
    const p = this.#p;
    if (type.kind === 'struct' && p.accept('.')) {
      const index = this.#designatedMember(type, offset, p.identifier());
      this.#structRest(type, offset, index + 1);
    } else if (type.kind === 'array' && p.is('[')) {
      const next = this.#designatedElements(type, offset);
      this.#arrayFlat(type, offset, next);
    } else return false;
    return true;
  }

  /** `[index] = value` or `[first ... last] = value`; returns the index behind. */
  #designatedElements(type: ArrayType, offset: number): number {
    const p = this.#p;
    const each = c.sizeOf(type.of) ?? 0;
    const at = p.expect('[');
    const first = Number(parseConstant(p));
    const last = p.accept('...') ? Number(parseConstant(p)) : first;
    p.expect(']');
    if (!(first >= 0 && last >= first && last < (type.length ?? ELEMENT_LIMIT)))
      throw new TranslateError('array designator', at);
    const from = p.at;
    for (let index = first; index <= last; index++) {
      p.at = from;
      const element = offset + index * each;
      if (this.#descend(type.of, element)) continue;
      p.accept('=');
      this.object(type.of, element);
    }
    return last + 1;
  }

  #arrayList(type: ArrayType, offset: number): number {
    const p = this.#p;
    const each = c.sizeOf(type.of) ?? 0;
    this.#forget(type, offset);
    p.expect('{');
    let index = 0;
    let length = 0;
    while (!p.is('}')) {
      if (p.is('[')) index = this.#designatedElements(type, offset);
      else {
        if (index >= (type.length ?? ELEMENT_LIMIT))
          throw new TranslateError('more initialisers than elements', p.peek());
        this.object(type.of, offset + index++ * each);
      }
      length = Math.max(length, index);
      if (!p.accept(',')) break;
    }
    p.expect('}');
    return length;
  }

  /** As GCC has it, the value of a struct is dropped when a part of it is initialised once more. */
  #forgetWhole({ offset, type }: Initialiser): void {
    const end = offset + (c.sizeOf(type) ?? 0);
    const whole = this.#stores.findIndex((store) => {
      const covers = store.offset <= offset && end <= store.offset + (c.sizeOf(store.type) ?? 0);
      return covers && store.type.kind === 'struct';
    });
    if (whole >= 0) this.#stores.splice(whole, 1);
  }

  /** Braces begin an object anew, whatever was said of it before. */
  #forget(type: CType, offset: number): void {
    if (offset >= this.#end) return;
    const end = offset + (c.sizeOf(type) ?? 0);
    const kept = this.#stores.filter((store) => store.offset < offset || store.offset >= end);
    this.#stores.splice(0, this.#stores.length, ...kept);
  }

  #arrayFlat(type: ArrayType, offset: number, from: number, first?: Expression): number {
    const each = c.sizeOf(type.of) ?? 0;
    let index = from;
    if (first !== undefined) {
      if (type.of.kind === 'struct') this.#structFlat(type.of, offset, first);
      else this.#store(type.of, offset, first);
      index++;
    }
    for (; type.length === undefined || index < type.length; index++) {
      if (index > 0 && !this.#another()) break;
      this.object(type.of, offset + index * each);
    }
    return index;
  }

  #string(type: ArrayType, offset: number): number {
    const value = parseAssignment(this.#p);
    if (value.kind !== 'string') throw new TranslateError('string expected', value.at);
    const length = type.length ?? value.bytes.length;
    for (const [index, byte] of value.bytes.slice(0, length).entries()) {
      if (byte !== 0) this.#store(type.of, offset + index, t.number(value.at, byte, c.INT));
    }
    return length;
  }
}

/** Unnamed bit-fields take no value. */
function namedMembers(type: StructType): readonly c.Member[] {
  return (type.members ?? []).filter((member) => member.name !== undefined || member.type.kind === 'struct');
}

/** The members that values without braces and names go to. */
function membersToFill(type: StructType): readonly c.Member[] {
  return namedMembers(type).slice(0, type.union ? 1 : undefined);
}

function holds(member: c.Member, name: string): boolean {
  return (
    member.name === undefined &&
    member.type.kind === 'struct' &&
    c.findMember(member.type, name) !== undefined
  );
}
