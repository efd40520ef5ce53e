// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { modelHeaders, replacedHeaders } from '../../src/model/headers.ts';
import { ignored } from '../../src/model/ignored.ts';
import { machines } from '../../src/model/machines/machine-list.ts';
import { modelSymbols } from '../../src/model/symbols.ts';
import { functionsWithWideArguments } from '../../src/model/wide-arguments.ts';
import type { FunctionType } from '../../src/translate/c-type.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { Machine } from '../../src/trace/machine.ts';

/** Functions that the headers of a machine declare without a body. */
function prototypes(machine: Machine): Map<string, FunctionType> {
  const { program } = linkTree({ machine, source: {}, mode: 'patched' });
  const found = new Map<string, FunctionType>();
  for (const unit of [program.base, ...program.units]) {
    for (const [name, named] of unit.scope.names()) {
      if (named.kind === 'function' && !unit.functions.has(name)) found.set(name, named.type);
    }
  }
  return found;
}

function unmodelled(machine: Machine): Set<string> {
  const text = [modelHeaders(machine), ...Object.values(replacedHeaders(machine))].join('');
  return new Set([...text.matchAll(/^__unmodelled\b[^(;]*?(\w+)\(/gm)].map((match) => match[1]!));
}

/** linux/refcount.h is the tree's own. */
const declaredByTrees = new Set(['refcount_warn_saturate']);

describe.each(machines.map((machine) => [machine.name, machine] as const))('%s', (_name, machine) => {
  const declared = prototypes(machine);
  const functions = modelSymbols(machine);

  test('every prototype is implemented, ignored or said to be unmodelled', () => {
    const open = unmodelled(machine);
    const missing = [...declared.keys()].filter(
      (name) => !(name in functions) && !(name in ignored) && !open.has(name),
    );
    expect(missing).toEqual([]);
  });

  test('what is said to be unmodelled or ignored is not implemented', () => {
    expect([...declaredByTrees].filter((name) => declared.has(name))).toEqual([]);
    const both = [...unmodelled(machine), ...Object.keys(ignored)].filter((name) => name in functions);
    expect(both).toEqual([]);
  });

  test('every model function has a prototype with as many parameters', () => {
    const wrong = Object.entries(functions).flatMap(([name, fn]) => {
      const type = declared.get(name);
      if (type === undefined) return declaredByTrees.has(name) ? [] : [`${name} is not declared`];
      const parameters = fn.length - 1;
      return type.parameters.length === parameters || type.variadic
        ? []
        : [`${name} has ${parameters} parameters, its prototype ${type.parameters.length}`];
    });
    expect(wrong).toEqual([]);
  });

  test('as many levels are folded as the configuration lacks', () => {
    const folded = [...modelHeaders(machine).matchAll(/^#define __PAGETABLE_\w+_FOLDED /gm)];
    expect(5 - folded.length).toBe(machine.config['CONFIG_PGTABLE_LEVELS']);
  });

  test('every function with wide arguments exists', () => {
    const arm64Only = 'pgattr_change_is_safe';
    const missing = [...functionsWithWideArguments].filter(
      (name) => !(name in functions) && name !== arm64Only,
    );
    expect(missing).toEqual([]);
  });
});
