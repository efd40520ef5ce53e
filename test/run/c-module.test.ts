// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { CModule } from '../../src/run/c-module.ts';
import type { KernelFunction } from '../../src/run/runtime.ts';
import type { EmittedModule } from '../../src/translate/emit-module.ts';
import type { TranslationUnit } from '../../src/translate/translation-unit.ts';

/** Instantiates a module of that text. */
function moduleOf(text: string): CModule {
  const emitted: EmittedModule = {
    text,
    places: [],
    functions: ['probe'],
    untranslated: [],
    imports: [],
    pointers: [],
    statics: new Map(),
    strings: [],
    marks: [],
  };
  const module = new CModule({} as TranslationUnit, emitted, new Uint8Array(emitted.marks.length));
  module.instantiate({ name: 'runtime' }, {}, []);
  return module;
}

const probe = (expression: string): KernelFunction =>
  moduleOf(`function probe() {\n  return ${expression};\n}\nreturn { probe };`).get('probe');

it('names nothing that it is not given', () => {
  const names = [
    'process',
    'globalThis',
    'global',
    'fetch',
    'eval',
    'Function',
    'Object',
    'Reflect',
    'Buffer',
  ];
  const others = [
    'setTimeout',
    'performance',
    'console',
    'WebAssembly',
    'constructor',
    'require',
    'vm',
    'this',
  ];
  for (const name of [...names, ...others])
    expect([name, probe(`typeof ${name}`)()]).toEqual([name, 'undefined']);
});

it('names what it is given, and Math', () => {
  expect(probe('rt.name + Math.imul(3, 5)')()).toBe('runtime15');
});

it('may have functions and variables of any global name', () => {
  const text = 'let fetch = 1, performance = 2;\nfunction process() { return fetch + performance; }';
  expect(moduleOf(`${text}\nreturn { probe: process };`).get('probe')()).toBe(3);
});

it('cannot make a global by an assignment', () => {
  expect(() => probe('(neverDeclared = 1)')()).toThrow(ReferenceError);
});

it('is told by the lines of its text', () => {
  const thrown = (): string => {
    try {
      moduleOf('const none = null;\nfunction probe() {\n  return none.field;\n}\nreturn { probe };').get(
        'probe',
      )();
    } catch (error) {
      return String((error as Error).stack);
    }
    return '';
  };
  expect(thrown()).toMatch(/probe \(c-module-\d+:3:\d+\)/);
});
