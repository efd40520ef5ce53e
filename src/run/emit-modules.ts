// SPDX-License-Identifier: GPL-2.0-only
import { emitModule, emitStatics, type FormsInPlace } from '../translate/emit-module.ts';
import type { Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import type { Bindings } from './binding.ts';
import { CModule } from './c-module.ts';
import type { MarkSpace } from './mark-space.ts';
import { typesAllocatedBy } from './object-types.ts';
import type { Program } from './program.ts';
import type { StaticStorage } from './static-storage.ts';

interface Emitted {
  /** One a function. */
  readonly modules: readonly CModule[];
  /** The initial values of each file's variables. */
  readonly initialisers: readonly CModule[];
  /** Functions that could not be translated, and why. */
  readonly untranslated: ReadonlyMap<string, string>;
}

/** Emits all C that is bound, and asks for room for its variables. */
export function emitModules({
  bindings,
  program,
  storage,
  markSpace,
  forms,
}: {
  readonly bindings: Bindings;
  readonly program: Program;
  readonly storage: StaticStorage;
  readonly markSpace: MarkSpace;
  readonly forms: (unit: TranslationUnit) => FormsInPlace;
}): Emitted {
  const modules: CModule[] = [];
  const untranslated = new Map<string, string>();
  const statics = new Map<TranslationUnit, Map<string, Variable>>();
  for (const resolved of bindings.all) {
    if (resolved.kind !== 'c') continue;
    const { unit, definition } = resolved;
    const emitted = emitModule([definition], forms(unit));
    for (const { name, error } of emitted.untranslated) {
      const { file, line } = error.at;
      untranslated.set(name, `${file.path}:${line}: ${error.message}`);
    }
    if (emitted.functions.length > 0) {
      const marks = markSpace.take(emitted.marks.length);
      modules.push(new CModule(unit, emitted, marks, typesAllocatedBy(definition, emitted.imports)));
    }
    const ofUnit = statics.get(unit) ?? new Map<string, Variable>();
    for (const [name, variable] of emitted.statics) ofUnit.set(name, variable);
    statics.set(unit, ofUnit);
  }
  // Whoever uses them: so they lie where they lie, whatever else a patch turns to C.
  for (const unit of program.units) {
    for (const variable of unit.statics) if (variable.defined === true) storage.want(variable, unit);
  }
  const initialisers: CModule[] = [];
  for (const [unit, variables] of statics) {
    const emitted = emitStatics(variables);
    initialisers.push(new CModule(unit, emitted, markSpace.take(0)));
    for (const variable of emitted.statics.values()) storage.want(variable, unit);
  }
  return { modules, initialisers, untranslated };
}
