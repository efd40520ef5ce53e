// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { CType, FunctionType, Member } from './c-type.ts';
import type { Token, TranslateError } from './token.ts';

/** The typed syntax tree: what the parser makes of C and the emitter prints as TypeScript. */
export type Expression = { readonly at: Token; readonly type: CType } & ExpressionKind;

type ExpressionKind =
  | { readonly kind: 'number'; readonly value: U64; readonly origin?: string | undefined }
  | { readonly kind: 'string'; readonly bytes: readonly number[] }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'member'; readonly base: Expression; readonly member: Member; readonly offset: number }
  | { readonly kind: 'deref'; readonly pointer: Expression }
  | { readonly kind: 'address'; readonly of: Expression }
  | { readonly kind: 'unary'; readonly operator: '-' | '~' | '!'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'logical';
      readonly operator: '&&' | '||';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      /** Absent in GNU's `a ?: b`. */
      readonly yes: Expression | undefined;
      readonly no: Expression;
    }
  | { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression }
  /** `target op= value`: computed in the type of `combine`, which reads the target as `old`. */
  | {
      readonly kind: 'update';
      readonly target: Expression;
      readonly old: Expression;
      readonly combine: Expression;
      /** The value is the one before (`i++`) or after. */
      readonly yields: 'before' | 'after';
    }
  /** Stands for the value of an update's target inside `combine`. */
  | { readonly kind: 'old' }
  | { readonly kind: 'cast'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'statements'; readonly block: BlockStatement }
  | { readonly kind: 'compound'; readonly variable: Variable; readonly stores: readonly Initialiser[] };

export type BinaryOperator =
  | '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>' | '==' | '!=' | '<' | '<='
  | 'pointer+' | 'pointer-' | 'pointer-difference'; // prettier-ignore

/** An object with a name: local, parameter, static local or file-scope. */
export interface Variable {
  readonly name: string;
  type: CType;
  readonly at: Token;
  readonly storage: 'local' | 'parameter' | 'static';
  /** Locals: the address is taken or the type is no scalar, so the object lies in memory. */
  inMemory: boolean;
  /** Something is assigned to it, beside what its declaration says. */
  isChanged?: true;
  /** The name in emitted code, unique in its function (locals) or unit (statics). */
  emittedName: string;
  /** Statics: what is stored before anything runs; undefined for `extern` declarations. */
  initialisers?: readonly Initialiser[];
  /** Statics: what the declaration asks for, in bytes, beyond what the type does. */
  align?: number;
  /** Statics: defined here, not only declared. */
  defined?: boolean;
  /** Statics: with internal linkage or inside a function, so that other files may use the name for something else. */
  internal?: boolean;
}

/** One scalar, string or struct stored at an offset of an object whose other bytes are zero. */
export interface Initialiser {
  readonly offset: number;
  readonly type: CType;
  readonly member?: Member | undefined;
  readonly value: Expression;
}

export type Statement = { readonly at: Token } & StatementKind;

type StatementKind =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | BlockStatementKind
  | {
      readonly kind: 'declare';
      readonly variable: Variable;
      readonly value: DeclaredValue;
      readonly cleanup?: string | undefined;
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: Statement;
      readonly no: Statement | undefined;
    }
  | {
      readonly kind: 'for';
      readonly declarations: readonly Statement[];
      readonly condition: Expression | undefined;
      readonly step: Expression | undefined;
      readonly body: Statement;
    }
  | { readonly kind: 'do'; readonly body: Statement; readonly condition: Expression }
  | { readonly kind: 'switch'; readonly value: Expression; readonly body: Statement }
  | { readonly kind: 'case'; readonly values: readonly U64[] | 'default'; readonly body: Statement }
  | { readonly kind: 'label'; readonly name: string; readonly body: Statement }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'empty' };

interface BlockStatementKind {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
}

export type BlockStatement = { readonly at: Token } & BlockStatementKind;

export type DeclaredValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'scalar'; readonly value: Expression }
  | { readonly kind: 'aggregate'; readonly stores: readonly Initialiser[] };

/** A function as the C file defines it; its body is parsed when somebody asks for it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly type: FunctionType;
  readonly at: Token;
  /** The closing brace. */
  readonly end: Token;
  readonly isStatic: boolean;
  readonly isInline: boolean;
  /** The preprocessed tokens of the definition's body. */
  readonly tokens: () => readonly Token[];
  /** Throws TranslateError when the body uses C that is not supported. */
  readonly parseBody: () => ParsedBody;
}

export interface ParsedBody {
  readonly parameters: readonly Variable[];
  readonly body: BlockStatement;
  readonly locals: readonly Variable[];
  /** Functions named in the body (called or taken the address of). */
  readonly functions: ReadonlySet<string>;
  /** File-scope and static local variables named in the body. */
  readonly statics: ReadonlySet<Variable>;
  /** Why statements could not be translated: reaching one of them is not modelled. */
  readonly gaps: readonly TranslateError[];
}
