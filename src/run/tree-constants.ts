// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import { parseConstant } from '../translate/parse-expression.ts';
import { Parser } from '../translate/parser.ts';
import { TranslateError } from '../translate/token.ts';
import { tokenize } from '../translate/tokenize.ts';
import type { Program } from './program.ts';

/** A flag of struct vm_struct. */
export interface VmFlag {
  readonly name: string;
  /** One bit. */
  readonly bit: number;
}

/** Flags of every kernel: where one of them is a macro, those are that stand beside it. */
const OLD_FLAGS = ['VM_MAP', 'VM_ALLOC', 'VM_IOREMAP', 'VM_USERMAP'];

/**
 * Constants as the headers of one tree define them. A flag of areas that a series gives another name keeps the one that it
 * had: scenarios ask for it by that, and promises know it by that.
 */
export class TreeConstants {
  readonly #program: Program;
  readonly #before: Program | undefined;
  readonly #integers = new Map<string, U64 | undefined>();
  #flags: readonly VmFlag[] | undefined;

  /** @param before the tree before the series */
  constructor(program: Program, before?: Program) {
    this.#program = program;
    this.#before = before === program ? undefined : before;
  }

  /** The value of a macro or an enumerator; undefined where it is none, or no integer constant. */
  integer(name: string): U64 | undefined {
    if (!this.#integers.has(name)) this.#integers.set(name, this.#evaluate(name) ?? this.#bitOf(name));
    return this.#integers.get(name);
  }

  /** VM_* flags of areas, each kind in the order of its definition: enumerators, and the macros of the header that defines VM_MAP. */
  get vmFlags(): readonly VmFlag[] {
    this.#flags ??= this.#keepingNames(this.#readFlags());
    return this.#flags;
  }

  /** A flag that has another name now. */
  #bitOf(name: string): U64 | undefined {
    if (this.#before === undefined || !name.startsWith('VM_')) return undefined;
    return this.vmFlags.find((flag) => flag.name === name)?.bit;
  }

  /** A new flag that has the bit of one that is gone is the same flag. */
  #keepingNames(flags: readonly VmFlag[]): readonly VmFlag[] {
    if (this.#before === undefined) return flags;
    const old = new TreeConstants(this.#before).vmFlags;
    const isNamed = (among: readonly VmFlag[], name: string): boolean =>
      among.some((flag) => flag.name === name);
    return flags.map((flag) => {
      if (isNamed(old, flag.name)) return flag;
      return old.find(({ bit, name }) => bit === flag.bit && !isNamed(flags, name)) ?? flag;
    });
  }

  #readFlags(): readonly VmFlag[] {
    return this.#flagNames().flatMap((name): VmFlag[] => {
      const bit = Number(this.integer(name) ?? 0);
      return Number.isInteger(Math.log2(bit)) && bit < 2 ** 31 ? [{ name, bit }] : [];
    });
  }

  /** Enumerators go before macros. Those that number bits, VM_MAP_BIT, are no flags. */
  #flagNames(): readonly string[] {
    const known = OLD_FLAGS.map((name) => this.#headers.macros.get(name)?.body[0]);
    const header = known.find((token) => token !== undefined)?.file.text ?? '';
    const macros = [...header.matchAll(/^[ \t]*#[ \t]*define[ \t]+(VM_[A-Z0-9_]+)[ \t]/gm)];
    const enumerators = [...this.#headers.scope.names()].flatMap(([name, { kind }]) =>
      kind === 'constant' && /^VM_[A-Z0-9_]+$/.test(name) && !name.endsWith('_BIT') ? [name] : [],
    );
    return [...new Set([...enumerators, ...macros.map(([, name]) => name!)])];
  }

  /** The unit that includes every header and nothing else stands last. */
  get #headers(): Program['base'] {
    return this.#program.units.at(-1) ?? this.#program.base;
  }

  #evaluate(name: string): U64 | undefined {
    const { macros, scope } = this.#headers;
    if (!macros.isDefined(name) && scope.find(name)?.kind !== 'constant') return undefined;
    try {
      const tokens = macros.expand(tokenize({ path: '<constant>', text: name }));
      const parser = new Parser(tokens, scope, {
        charUnsigned: true,
        lookUp: () => undefined,
        macros,
        isModelled: () => false,
        onStatic: () => 0,
      });
      const value = parseConstant(parser);
      return parser.peek().kind === 'end' ? value : undefined;
    } catch (error) {
      if (error instanceof TranslateError) return undefined;
      throw error;
    }
  }
}
