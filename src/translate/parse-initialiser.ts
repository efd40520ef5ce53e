// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { ArrayType, CType, StructType } from './c-type.ts';
import { parseAssignment, parseConstant } from './parse-expression.ts';
import type { Parser } from './parser.ts';
import type { Expression, Initialiser } from './syntax.ts';
import { TranslateError } from './token.ts';
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
    const key = `${store.offset}:${store.member?.bits?.start ?? ''}`;
    last.delete(key);
    last.set(key, store);
  }
  return [...last.values()];
}

const ELEMENT_LIMIT = 1 << 20;

class InitialiserReader {
  readonly #p: Parser;
  readonly #stores: Initialiser[];

  constructor(p: Parser, stores: Initialiser[]) {
    this.#p = p;
    this.#stores = stores;
  }

  /** Reads the initialiser of an object; returns the number of elements of an array. */
  object(type: CType, offset: number): number {
    const p = this.#p;
    return p.nested(() => {
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
      this.#scalar(type, offset);
      return 0;
    });
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
    if (this.#stores.length >= ELEMENT_LIMIT) throw new TranslateError('initialiser too large', value.at);
    this.#stores.push({ offset, type, value: t.convert(value, type) });
  }

  /** Without braces: either a whole struct as a value, or values for its members in order. */
  #structOrMembers(type: StructType, offset: number): void {
    const value = parseAssignment(this.#p);
    if (value.type.kind === 'struct' && c.sameType(value.type, type)) {
      this.#stores.push({ offset, type, value });
      return;
    }
    this.#structFlat(type, offset, value);
  }

  #structFlat(type: StructType, offset: number, first: Expression | undefined): void {
    const p = this.#p;
    let pending = first;
    const members = (type.members ?? []).slice(0, type.union ? 1 : undefined);
    for (const member of members) {
      if (pending === undefined && (p.is('}') || (p.is(',') && p.is('}', 1)))) return;
      if (pending === undefined && member !== members[0]) {
        if (!p.is(',') || p.is('.', 1) || p.is('[', 1)) return;
        p.next();
      }
      const at = offset + member.offset;
      if (pending !== undefined && c.isScalar(member.type)) {
        this.#stores.push({ offset: at, type: member.type, member, value: t.convert(pending, member.type) });
        pending = undefined;
      } else if (pending !== undefined && member.type.kind === 'struct') {
        if (c.sameType(member.type, pending.type))
          this.#stores.push({ offset: at, type: member.type, value: pending });
        else this.#structFlat(member.type, at, pending);
        pending = undefined;
      } else if (pending !== undefined && member.type.kind === 'array') {
        this.#arrayFlat(member.type, at, 0, pending);
        pending = undefined;
      } else this.#member(member, at);
    }
  }

  #member(member: c.Member, offset: number): void {
    if (member.bits === undefined) {
      this.object(member.type, offset);
      return;
    }
    const value = t.convert(parseAssignment(this.#p), member.type);
    this.#stores.push({ offset, type: member.type, member, value });
  }

  #structList(type: StructType, offset: number): void {
    const p = this.#p;
    p.expect('{');
    const members = (type.members ?? []).filter(
      (member) => member.name !== undefined || member.type.kind === 'struct',
    );
    let index = 0;
    while (!p.is('}')) {
      const gnuName = p.peek().kind === 'identifier' && p.is(':', 1);
      if (p.is('.') || gnuName) {
        if (!gnuName) p.next();
        const name = p.identifier();
        const found = c.findMember(type, name.text);
        if (found === undefined) throw new TranslateError(`no member \`${name.text}\` to initialise`, name);
        index = members.findIndex((member) => member === found.member || holds(member, name.text)) + 1;
        if (gnuName) p.next();
        this.#designated(found.member, offset + found.offset);
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

  /** Behind a designator's first part: more parts, `=`, and the value. */
  #designated(member: c.Member, offset: number): void {
    const p = this.#p;
    if (p.is('.') || p.is('[')) {
      const { type, at } = this.#descend(member.type, offset);
      p.accept('=');
      this.object(type, at);
      return;
    }
    p.accept('=');
    this.#member(member, offset);
  }

  #descend(start: CType, offset: number): { type: CType; at: number } {
    const p = this.#p;
    let type = start;
    let at = offset;
    for (;;) {
      if (p.is('.') && type.kind === 'struct') {
        p.next();
        const name = p.identifier();
        const found = c.findMember(type, name.text);
        if (found === undefined) throw new TranslateError(`no member \`${name.text}\` to initialise`, name);
        type = found.member.type;
        at += found.offset;
      } else if (p.is('[') && type.kind === 'array') {
        p.next();
        at += Number(parseConstant(p)) * (c.sizeOf(type.of) ?? 0);
        p.expect(']');
        type = type.of;
      } else return { type, at };
    }
  }

  #arrayList(type: ArrayType, offset: number): number {
    const p = this.#p;
    const each = c.sizeOf(type.of) ?? 0;
    p.expect('{');
    let index = 0;
    let length = 0;
    while (!p.is('}')) {
      let last = index;
      let element = type.of;
      let within = 0;
      if (p.is('[')) {
        const at = p.next();
        index = Number(parseConstant(p));
        last = p.accept('...') ? Number(parseConstant(p)) : index;
        p.expect(']');
        if (!(index >= 0 && last >= index && last < ELEMENT_LIMIT))
          throw new TranslateError('array designator', at);
        ({ type: element, at: within } = this.#descend(type.of, 0));
        p.accept('=');
      }
      if (type.length !== undefined && last >= type.length)
        throw new TranslateError('more initialisers than elements', p.peek());
      const from = p.at;
      for (; index <= last; index++) {
        p.at = from;
        this.object(element, offset + index * each + within);
      }
      length = Math.max(length, index);
      if (!p.accept(',')) break;
    }
    p.expect('}');
    return length;
  }

  #arrayFlat(type: ArrayType, offset: number, from: number, first?: Expression): number {
    const p = this.#p;
    const each = c.sizeOf(type.of) ?? 0;
    let index = from;
    if (first !== undefined) {
      if (type.of.kind === 'struct') this.#structFlat(type.of, offset, first);
      else this.#store(type.of, offset, first);
      index++;
    }
    for (; type.length === undefined || index < type.length; index++) {
      if (index > 0) {
        if (!p.is(',') || p.is('}', 1) || p.is('.', 1) || p.is('[', 1)) break;
        p.next();
      }
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

function holds(member: c.Member, name: string): boolean {
  return (
    member.name === undefined &&
    member.type.kind === 'struct' &&
    c.findMember(member.type, name) !== undefined
  );
}
