// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';

/** An option as a Kconfig file declares it; conditions are as written. */
interface KconfigOption {
  readonly name: string;
  isBool: boolean;
  readonly defaults: { readonly value: string; readonly condition: string }[];
  /** Of itself and of what stands around it. */
  readonly depends: string[];
}

interface Select {
  readonly by: string;
  readonly name: string;
  readonly condition: string;
}

interface KconfigFile {
  readonly options: readonly KconfigOption[];
  readonly selects: readonly Select[];
}

/** What can be said of a condition: undefined where it names an option of which nobody here knows whether it is set. */
type Truth = boolean | undefined;

/**
 * The options that a series brings and that are set where nobody changes a configuration: their default says so, or the
 * architecture selects them, and what they depend on is known to be set.
 * @param before texts of Kconfig files before the series, by path
 * @param after those that the series changes, as it leaves them
 */
export function optionsSetByDefault(
  before: readonly string[],
  after: readonly string[],
  machine: Machine,
): readonly string[] {
  const known = new Set(before.flatMap((text) => parseKconfig(text).options.map(({ name }) => name)));
  const files = after.map(parseKconfig);
  const added = files.flatMap(({ options }) => options).filter(({ name }) => !known.has(name));
  const selects = files.flatMap((file) => file.selects);
  const set = new Set<string>();
  const truthOf = (name: string): Truth => {
    if (set.has(name)) return true;
    if (added.some((option) => option.name === name)) return false;
    if (name === 'y') return true;
    const ofArchitecture = Object.entries(ARCHITECTURES).find(([, names]) => names.includes(name));
    if (ofArchitecture !== undefined) return ofArchitecture[0] === machine.arch;
    const value = machine.config[`CONFIG_${name}`];
    return typeof value === 'boolean' ? value : undefined;
  };
  // One may depend on another, in any order.
  for (let grows = true; grows;) {
    const more = added.filter(
      (option) => !set.has(option.name) && option.isBool && isSet(option, selects, truthOf),
    );
    for (const { name } of more) set.add(name);
    grows = more.length > 0;
  }
  return [...set].toSorted();
}

/** The options that say for which architecture the kernel is built. */
const ARCHITECTURES: Readonly<Record<Machine['arch'], readonly string[]>> = {
  arm64: ['ARM64'],
  x86: ['X86', 'X86_64'],
  riscv: ['RISCV'],
};

function isSet(
  { name, defaults, depends }: KconfigOption,
  selects: readonly Select[],
  truthOf: (name: string) => Truth,
): boolean {
  const holds = (condition: string): Truth => truthOfCondition(condition, truthOf);
  const isSelected = selects.some(
    (select) => select.name === name && truthOf(select.by) === true && holds(select.condition) === true,
  );
  if (isSelected) return true;
  if (!depends.every((condition) => holds(condition) === true)) return false;
  // The first default whose condition holds counts; of one that cannot be judged nothing follows.
  for (const { value, condition } of defaults) {
    const applies = holds(condition);
    if (applies === false) continue;
    return applies === true && holds(value) === true;
  }
  return false;
}

function parseKconfig(text: string): KconfigFile {
  const options: KconfigOption[] = [];
  const selects: Select[] = [];
  /** Conditions of the `if` and `menu` blocks around, innermost last. */
  const around: string[][] = [];
  let option: KconfigOption | undefined;
  let helpIndent: number | undefined;
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const indent = /^[ \t]*/.exec(line)![0].replaceAll('\t', '        ').length;
    if (line.trim() === '') continue;
    if (helpIndent !== undefined && indent > helpIndent) continue;
    helpIndent = undefined;
    const [, word = '', rest = ''] = /^\s*([\w-]+)\s*(.*)$/.exec(line.replace(/(^|\s)#.*$/, '')) ?? [];
    const [value, condition] = splitIf(rest);
    if (word === 'config' || word === 'menuconfig') {
      option = { name: rest.trim(), isBool: false, defaults: [], depends: around.flat() };
      options.push(option);
    } else if (word === 'if' || word === 'menu' || word === 'choice') {
      around.push(word === 'if' ? [rest] : []);
      option = undefined;
    } else if (/^end(?:if|menu|choice)$/.test(word)) {
      around.pop();
      option = undefined;
    } else if (word === 'help' || word === '---help---') helpIndent = indent;
    else if (word === 'depends') (option?.depends ?? around.at(-1))?.push(rest.replace(/^on\b/, ''));
    else if (word === 'bool') option = asBool(option);
    else if (word === 'def_bool') asBool(option)?.defaults.push({ value, condition });
    else if (word === 'default') option?.defaults.push({ value, condition });
    else if (word === 'select' && option !== undefined)
      selects.push({ by: option.name, name: value.trim(), condition });
    else if (word === 'comment' || word === 'source') option = undefined;
  }
  return { options, selects };
}

function asBool(option: KconfigOption | undefined): KconfigOption | undefined {
  if (option !== undefined) option.isBool = true;
  return option;
}

/** `value if condition` */
function splitIf(text: string): [value: string, condition: string] {
  const [value = '', condition = 'y'] = text.split(/\bif\b/, 2);
  return [value, condition];
}

const DEPTH_LIMIT = 50;

/** `A && !(B || C)`; comparisons and strings are not judged. */
function truthOfCondition(text: string, truthOf: (name: string) => Truth): Truth {
  const words = text.match(/&&|\|\||[!()]|[\w-]+|\S/g) ?? [];
  let at = 0;
  let depth = 0;
  /** @param decides of which one is enough, whatever the others are */
  const chain = (operator: '||' | '&&', decides: boolean, operand: () => Truth): Truth => {
    const truths = [operand()];
    while (words[at] === operator) {
      at++;
      truths.push(operand());
    }
    if (truths.includes(decides)) return decides;
    return truths.includes(undefined) ? undefined : !decides;
  };
  const any = (): Truth => chain('||', true, all);
  const all = (): Truth => chain('&&', false, one);
  const one = (): Truth => {
    const word = words[at++];
    if (word === undefined || ++depth > DEPTH_LIMIT) return undefined;
    try {
      if (word === '!') {
        const truth = one();
        return truth === undefined ? undefined : !truth;
      }
      if (word !== '(') return word === 'n' ? false : /^\w/.test(word) ? truthOf(word) : undefined;
      const truth = any();
      return words[at++] === ')' ? truth : undefined;
    } finally {
      depth--;
    }
  };
  const truth = any();
  return at === words.length ? truth : undefined;
}
