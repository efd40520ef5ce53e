// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelHeaders, replacedHeaders } from '../../src/model/headers.ts';
import { sourceFiles, treeHeaders } from '../../src/run/source.ts';
import { machineForTree } from '../../src/run/tree-config.ts';
import { findCFunctions } from '../../src/series/c-functions.ts';
import { memoryForms } from '../../src/model/hardware/memory-forms.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { emitModule } from '../../src/translate/emit-module.ts';
import type { SourceFile } from '../../src/translate/token.ts';
import { parseUnit, type TranslationUnit, type UnitOptions } from '../../src/translate/translation-unit.ts';
import { TreeHeaders } from '../../src/translate/tree-headers.ts';

/** What became of one C file of a tree. */
export interface MeasuredFile {
  readonly machine: string;
  readonly path: string;
  /** Functions that translate, those of headers that the tree itself supplies included. */
  readonly translated: number;
  readonly gaps: readonly Gap[];
  /** Names of functions that the machine's configuration leaves out. */
  readonly leftOut: readonly string[];
  /** Messages about what stands outside of functions. */
  readonly declarations: readonly string[];
}

export interface Gap {
  readonly name: string;
  readonly reason: string;
}

/** Translates every function of the files that concern a machine, with all headers of the tree at hand. */
export function measureTree(root: string, asRecorded: Machine): MeasuredFile[] {
  const read = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
  const machine = machineForTree(asRecorded, read);
  return sourceFiles(machine).flatMap((path) => {
    const text = read(path);
    return text === undefined
      ? []
      : [measureFile(parseWithHeaders({ path, text }, machine, read), text, machine)];
  });
}

function parseWithHeaders(
  file: SourceFile,
  machine: Machine,
  read: (path: string) => string | undefined,
): TranslationUnit {
  const findInclude = (name: string): SourceFile | undefined => {
    const path = treeHeaders(machine).get(name);
    if (path === undefined) return undefined;
    const text = read(path) ?? replacedHeaders(machine)[name];
    return text === undefined ? undefined : { path, text };
  };
  const common = { charUnsigned: true, config: machine.config };
  const model = { path: '<model>', text: modelHeaders(machine) };
  const base = parseUnit(model, { ...common, findInclude: () => undefined });
  const options: UnitOptions = { ...common, findInclude, base };
  const headers: TreeHeaders = new TreeHeaders(
    {
      read,
      alsoSearched: [],
      arch: machine.arch,
      parse: (header) => parseUnit(header, { ...options, headers }),
    },
    file,
  );
  return parseUnit(file, { ...options, headers });
}

function measureFile(unit: TranslationUnit, text: string, machine: Machine): MeasuredFile {
  const { functions, untranslated } = emitModule([...unit.functions.values()], {
    call: () => undefined,
    memory: memoryForms(machine),
  });
  const own = unit.diagnostics.filter(({ where }) => where?.file === unit.path);
  const missing = findCFunctions(text)
    .filter(({ name }) => !unit.functions.has(name))
    .map(({ name, startLine, endLine }) => {
      const inside = own.find(({ where }) => where!.line! >= startLine && where!.line! <= endLine);
      return { name, diagnostic: inside };
    });
  const lost = missing.flatMap(({ name, diagnostic }) =>
    diagnostic === undefined ? [] : [{ name, reason: diagnostic.message }],
  );
  const ofFunctions = new Set(missing.map(({ diagnostic }) => diagnostic));
  return {
    machine: machine.name,
    path: unit.path,
    translated: functions.length,
    gaps: [...untranslated.map(({ name, error }) => ({ name, reason: error.message })), ...lost],
    leftOut: missing.filter(({ diagnostic }) => diagnostic === undefined).map(({ name }) => name),
    declarations: own.filter((each) => !ofFunctions.has(each)).map(({ message }) => message),
  };
}
