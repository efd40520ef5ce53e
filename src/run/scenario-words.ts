// SPDX-License-Identifier: GPL-2.0-only
import type { Circumstances, RefusedAllocations } from './scenario.ts';

/** What is wrong with a scenario's text, in one sentence. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** The words of one call, taken from the left; options (`name=value`) may stand anywhere. */
export class Words {
  readonly call: string;
  readonly #words: string[];
  readonly #options = new Map<string, string>();

  constructor(text: string) {
    const [call = '', ...words] = text.trim().split(/\s+/);
    this.call = call;
    this.#words = [];
    for (const word of words) {
      const [, name, value] = /^([a-z]+)=(.*)$/.exec(word) ?? [];
      if (name === undefined) this.#words.push(word);
      else if (this.#options.has(name)) throw new ScenarioError(`\`${call}\` has \`${name}=\` twice`);
      else this.#options.set(name, value!);
    }
  }

  next(what: string): string {
    const word = this.#words.shift();
    if (word === undefined) throw new ScenarioError(`\`${this.call}\` lacks its ${what}`);
    return word;
  }

  /** The next word, which stays. */
  peek(): string | undefined {
    return this.#words[0];
  }

  option(name: string): string | undefined {
    const value = this.#options.get(name);
    this.#options.delete(name);
    return value;
  }

  end(): void {
    const [option] = this.#options.keys();
    const left = this.#words[0] ?? (option === undefined ? undefined : `${option}=`);
    if (left !== undefined) throw new ScenarioError(`\`${this.call}\` does not take \`${left}\``);
  }
}

const MOST_CPUS = 4096;
const MOST_ALLOCATIONS = 1_000_000;

/** How a call is made: `cpu=1`, `context=irq`, `task=killed`, `gives=#0`, `fail=2` or `fail=2+`. */
export function circumstances(words: Words): Circumstances {
  const cpu = words.option('cpu');
  const context = words.option('context');
  const task = words.option('task');
  const gives = words.option('gives');
  const fail = words.option('fail');
  if (cpu !== undefined && !(/^\d+$/.test(cpu) && Number(cpu) < MOST_CPUS)) {
    throw new ScenarioError(`\`cpu=${cpu}\` is not the number of a CPU`);
  }
  if (context !== undefined && context !== 'irq')
    throw new ScenarioError(`\`context=${context}\` is not \`irq\``);
  if (task !== undefined && task !== 'killed') throw new ScenarioError(`\`task=${task}\` is not \`killed\``);
  if (gives !== undefined && !/^#\d{1,4}$/.test(gives))
    throw new ScenarioError(`\`gives=${gives}\` is not an earlier call, like \`#0\``);
  return {
    // CPU 0 is what is meant where nothing is said.
    ...(cpu !== undefined && Number(cpu) > 0 && { cpu: Number(cpu) }),
    ...(context !== undefined && { context }),
    ...(task !== undefined && { task }),
    ...(gives !== undefined && { gives: Number(gives.slice(1)) }),
    ...(fail !== undefined && { fail: refusedAllocations(fail) }),
  };
}

function refusedAllocations(text: string): RefusedAllocations {
  const [, digits, onward] = /^(\d+)(\+?)$/.exec(text) ?? [];
  const nth = Number(digits);
  if (digits === undefined || nth < 1 || nth > MOST_ALLOCATIONS) {
    throw new ScenarioError(
      `\`fail=${text}\` is not a number of an allocation, from 1, like \`2\` or \`2+\``,
    );
  }
  return { nth, onward: onward === '+' };
}
