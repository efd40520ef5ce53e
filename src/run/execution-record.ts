// SPDX-License-Identifier: GPL-2.0-only
import type { CModule } from './c-module.ts';
import { pieceNumber, type Pieces } from './pieces.ts';

/** Lines of one C function that do something by themselves, 1-based. */
export interface ExecutedLines {
  readonly function: string;
  readonly file: string;
  /** By some scenario. */
  readonly executed: readonly number[];
  /** By none. */
  readonly missed: readonly number[];
}

/** What the record has to know of the kernel. */
export interface RecordedKernel {
  /** Its C, one module a function. */
  readonly modules: readonly CModule[];
  /** Everything else that is called. */
  readonly pieces: Pieces;
  /** What every run depends on, as text. */
  ground(): string;
  /** What a module's function is beside its text: equal for two that do the same. */
  describe(module: CModule): string;
  /** Does the series change it? */
  isTouched(name: string): boolean;
}

/** What a linked kernel has executed (docs/decisions/0007-known-runs.md). */
export class ExecutionRecord {
  readonly #kernel: RecordedKernel;
  readonly #kept = new Set<number>();
  readonly #moduleNumbers = new Map<CModule, number>();
  #has: ReadonlySet<number> | undefined;
  #groundNumber: number | undefined;

  constructor(kernel: RecordedKernel) {
    this.#kernel = kernel;
  }

  /** Forgets what was executed so far. */
  forget(): void {
    this.#kernel.pieces.executed.fill(0);
    for (const { marks } of this.#kernel.modules) if (marks[0] !== 0) marks.fill(0);
  }

  /**
   * Numbers of all that was executed since, and of what every run depends on. In another kernel that has pieces of the
   * same numbers (`hasPiece()`) the same calls run the same, event for event.
   */
  executed(): number[] {
    const { pieces, modules } = this.#kernel;
    const numbers = [this.#ground(), ...this.#kept];
    pieces.collect(numbers);
    for (const module of modules) if (module.marks[0] !== 0) numbers.push(this.#numberOf(module));
    return numbers;
  }

  hasPiece(number: number): boolean {
    const { pieces, modules } = this.#kernel;
    this.#has ??= new Set([
      this.#ground(),
      ...pieces.all,
      ...modules.map((module) => this.#numberOf(module)),
    ]);
    return this.#has.has(number);
  }

  /** Computes what is kept for later runs: from then on each of them counts as having executed it. */
  keeping<T>(compute: () => T): T {
    const { pieces, modules } = this.#kernel;
    const before = modules.filter(({ marks }) => marks[0] !== 0);
    const marksBefore = before.map(({ marks }) => marks.slice());
    const piecesBefore = pieces.executed.slice();
    this.forget();
    try {
      return compute();
    } finally {
      for (const number of this.executed()) this.#kept.add(number);
      for (const [index, { marks }] of before.entries()) mergeMarks(marks, marksBefore[index]!);
      mergeMarks(pieces.executed, piecesBefore);
    }
  }

  /** Marks passed since, in each module whose function the series changes, by the module's number. */
  passedMarks(): ReadonlyMap<number, Uint8Array> {
    const passed = new Map<number, Uint8Array>();
    for (const { id, emitted, marks } of this.#kernel.modules) {
      if (marks[0] !== 0 && this.#kernel.isTouched(emitted.functions[0]!)) passed.set(id, marks.slice());
    }
    return passed;
  }

  /** Names and files of the functions that the series changes and that have passed any mark. */
  passedFunctions(passed: ReadonlyMap<number, Uint8Array>): { function: string; file: string }[] {
    return this.#kernel.modules.flatMap(({ id, emitted }) => {
      const [name] = emitted.functions;
      const [start] = emitted.marks;
      return passed.has(id) && name !== undefined && start !== undefined
        ? [{ function: name, file: start.file.path }]
        : [];
    });
  }

  /** Of the functions that the series changes, the lines that were executed and those that were not. */
  executedLines(passed: ReadonlyMap<number, Uint8Array>): ExecutedLines[] {
    return this.#kernel.modules.flatMap(({ id, emitted }): ExecutedLines[] => {
      const [name] = emitted.functions;
      const [start] = emitted.marks;
      if (name === undefined || start === undefined || !this.#kernel.isTouched(name)) return [];
      const marks = passed.get(id);
      const linesWith = (isPassed: boolean): number[] =>
        emitted.marks
          .filter(({ file }, i) => file === start.file && (marks?.[i] === 1) === isPassed)
          .map(({ line }) => line);
      const executed = new Set(linesWith(true));
      const missed = new Set(linesWith(false).filter((line) => !executed.has(line)));
      return [{ function: name, file: start.file.path, executed: [...executed], missed: [...missed] }];
    });
  }

  #ground(): number {
    this.#groundNumber ??= pieceNumber(`ground ${this.#kernel.ground()}`);
    return this.#groundNumber;
  }

  #numberOf(module: CModule): number {
    let number = this.#moduleNumbers.get(module);
    if (number === undefined) {
      number = pieceNumber(`c ${module.id} ${this.#kernel.describe(module)}`);
      this.#moduleNumbers.set(module, number);
    }
    return number;
  }
}

/** Adds marks to others of the same places. */
export function mergeMarks(into: Uint8Array, marks: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) if (marks[i] !== 0) into[i] = marks[i]!;
}
