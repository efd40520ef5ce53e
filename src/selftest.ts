// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import type { Selftest, SelftestBinding, SelftestResult, SelftestRun } from './report/selftest.ts';
import { sourcesBeside } from './review-brought.ts';
import { openState, refusal, type OneState, type StateRequest } from './review-one-state.ts';
import { baseState, relevantSource, stateName, touchedFunctions } from './review-states.ts';
import { sourceFiles } from './run/source.ts';
import type { ModuleParameter, TestCase } from './run/test-cases.ts';
import { TestModule, type CaseRun } from './run/test-module.ts';

/** The module of kernel trees that tests vmalloc. */
const MODULE = 'lib/test_vmalloc.c';

/** The module's own million turns would take hours here, and memory that is never used twice would not suffice. */
const USUAL_VALUES: Readonly<Record<string, number>> = { test_loop_count: 100 };

export interface SelftestRequest extends StateRequest {
  readonly bindings: readonly SelftestBinding[];
  /** `name=value`, as for insmod. */
  readonly parameters: readonly string[];
  /** Names of the cases to run; none for all. */
  readonly cases: readonly string[];
  readonly seed: number;
}

/** Runs the cases of the tree's own test module. `onCase` is told of each before it begins. */
export async function selftest(
  request: SelftestRequest,
  onCase: (binding: SelftestBinding, name: string) => void = () => {},
): Promise<WithDiagnostics<Selftest | undefined>> {
  const opened = await openState(request);
  if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  const { state, machine } = opened.value;
  const modules = new Map(request.bindings.map((binding) => [binding, link(opened.value!, binding)]));
  const first = [...modules.values()][0];
  if (first === undefined) {
    const { title } = state.tree;
    return refusal('run/no-module', `\`${title}\` has no \`${MODULE}\`, or it lists no cases there`);
  }
  const values = parameterValues(request.parameters, first);
  const chosen = chosenCases(request.cases, first.cases);
  const problem = values.problem ?? chosen.problem;
  if (problem !== undefined) return { value: undefined, diagnostics: [problem] };
  const runs = [...modules].flatMap(([binding, module]): SelftestRun[] => {
    if (module === undefined) return [];
    const results = chosen.cases.map((each) => {
      onCase(binding, each.name);
      return resultOf(module.run(each, values.set, request.seed));
    });
    return [{ binding, results }];
  });
  const value: Selftest = {
    state: stateName(state),
    tree: state.tree.title,
    machine: machine.name,
    module: MODULE,
    seed: request.seed,
    parameters: [...first.parameters].map(([name, { initial }]) => ({
      name,
      value: values.set.get(name) ?? initial,
      initial,
    })),
    notUsed: first.otherParameters,
    cases: chosen.cases.map(({ name, expected, expectedBy }) => ({ name, expected, expectedBy })),
    runs,
  };
  return { value, diagnostics: opened.diagnostics };
}

/** With all the C that the tree has; or with none but what a series changes, and the headers that the model reads. */
function link({ input, state, machine }: OneState, binding: SelftestBinding): TestModule | undefined {
  const source = relevantSource(state.tree, machine, [MODULE]);
  if (binding === 'tree') return TestModule.link({ machine, source, mode: 'from-tree' }, MODULE);
  if (input.series === undefined) {
    const inModel = new Set([...sourceFiles(machine), ...sourcesBeside(state.tree, machine)]);
    const without = Object.fromEntries(Object.entries(source).filter(([path]) => !inModel.has(path)));
    return TestModule.link({ machine, source: without, mode: 'from-tree' }, MODULE);
  }
  const before = relevantSource(baseState(input).tree, machine, [MODULE]);
  const touched = touchedFunctions(input);
  return TestModule.link({ machine, source, before, touched, mode: 'patched' }, MODULE);
}

function parameterValues(
  asked: readonly string[],
  { parameters, otherParameters }: TestModule,
): { readonly set: ReadonlyMap<string, number>; readonly problem?: Diagnostic } {
  const set = new Map<string, number>();
  for (const [name, value] of Object.entries(USUAL_VALUES)) if (parameters.has(name)) set.set(name, value);
  for (const text of asked) {
    const [, name = text, value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const parameter = parameters.get(name);
    const known = [...parameters.keys()].join(', ');
    if (parameter === undefined) {
      const why = otherParameters.includes(name)
        ? 'is for the threads of the module, which are not started'
        : 'is no parameter of the module';
      return { set, problem: badParameter(`\`${name}\` ${why}; what its cases look at is ${known}`) };
    }
    const number = parameterValue(value, parameter);
    if (number === undefined)
      return { set, problem: badParameter(`\`${value}\` is no value for \`${name}\``) };
    set.set(name, number);
  }
  return { set };
}

/** As the kernel reads module parameters; undefined where the text is none, or the type holds no such number. */
function parameterValue(text: string, { size, unsigned, isBoolean }: ModuleParameter): number | undefined {
  if (isBoolean) {
    if (/^(?:[yYtT1]|[oO][nN])$/.test(text)) return 1;
    return /^(?:[nNfF0]|[oO][fF]{1,2})$/.test(text) ? 0 : undefined;
  }
  if (!/^-?(?:\d{1,16}|0[xX][\da-fA-F]{1,13})$/.test(text)) return undefined;
  const value = text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  const most = 2 ** (Math.min(size, 6) * 8 - (unsigned ? 0 : 1)) - 1;
  return value <= most && value >= (unsigned ? 0 : -most) ? value : undefined;
}

function chosenCases(
  asked: readonly string[],
  cases: readonly TestCase[],
): { readonly cases: readonly TestCase[]; readonly problem?: Diagnostic } {
  const unknown = asked.find((name) => !cases.some((each) => each.name === name));
  if (unknown !== undefined) {
    const names = cases.map(({ name }) => name).join(', ');
    return { cases, problem: badParameter(`there is no case \`${unknown}\`; there are ${names}`) };
  }
  return { cases: asked.length === 0 ? cases : cases.filter(({ name }) => asked.includes(name)) };
}

function badParameter(message: string): Diagnostic {
  return { code: 'run/bad-parameter', severity: 'error', message };
}

function resultOf(run: CaseRun): SelftestResult {
  const { end, result, steps, complaints, pagesLeft } = run;
  const outcome = outcomeOf(run);
  const { expected, expectedBy } = run.case;
  // Newer modules count a case that their table marks, and that passes, as passed.
  const asSaid = outcome === expected || (outcome === 'pass' && expectedBy === 'xfail');
  // What may fail may do so with a warning.
  const isQuiet = complaints.length === 0 || expected === 'fail';
  return {
    case: run.case.name,
    outcome,
    asExpected: asSaid && isQuiet && (pagesLeft ?? 0) <= 0,
    returned: result,
    ...(end.kind === 'not-modelled' && { reason: end.reason }),
    steps,
    complaints,
    pagesLeft,
  };
}

function outcomeOf({ end, result, outOfMemory }: CaseRun): SelftestResult['outcome'] {
  if (outOfMemory) return 'out-of-memory';
  switch (end.kind) {
    case 'completed':
      return result === 0 ? 'pass' : 'fail';
    case 'faulted':
      return 'fault';
    case 'out-of-fuel':
      return 'endless';
    case 'not-modelled':
      return 'not-modelled';
  }
}
