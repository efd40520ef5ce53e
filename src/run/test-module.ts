// SPDX-License-Identifier: GPL-2.0-only
import { Prng } from '../base/prng.ts';
import { randomState } from '../model/drivers/char/random-state.ts';
import { percpuPages } from '../model/mm/percpu-chunk.ts';
import { EventCounter } from '../trace/event-counter.ts';
import type { FaultEvent, TraceEvent } from '../trace/events.ts';
import { bodyOf } from './named-in-functions.ts';
import { linkTree, type TreeRequest } from './link-tree.ts';
import type { Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import { endOf, type EndState } from './session.ts';
import { Stage } from './stage.ts';
import { moduleParameters, testCasesOf, type ModuleParameter, type TestCase } from './test-cases.ts';

/** Loop iterations that one case may take; the longest legal ones take some millions. */
const FUEL_FOR_CASE = 50_000_000;

/** Bytes; where the model cannot give that much it has run out of memory. */
const LARGEST_OBJECT = 2 ** 22;

/** Different ones of a case that are told. */
const MOST_COMPLAINTS = 20;

/** What workers and a purge would have done some time after a case. */
const AFTERWARDS = ['flush_scheduled_work', 'vm_unmap_aliases'];

/** What came of one case. */
export interface CaseRun {
  readonly case: TestCase;
  /** What the case returned: 0 where it passed. Undefined where it did not return. */
  readonly result: number | undefined;
  readonly end: EndState;
  /** Steps that the kernel took: stores to tables, walks, allocations, locks, flushes and all else that is an event. */
  readonly steps: number;
  /** Each WARN or BUG, and each fault, once, with the line of C that was executed. */
  readonly complaints: readonly string[];
  /**
   * Pages that were allocated and not freed, after what workers and a purge do, but for those that the per-CPU allocator
   * keeps. Undefined where the case did not return.
   */
  readonly pagesLeft: number | undefined;
  /** The model had no memory left: a kernel would have gone on. */
  readonly outOfMemory: boolean;
}

/** A linked kernel with one test module in it. */
export class TestModule {
  readonly cases: readonly TestCase[];
  /** Those that some case looks at. */
  readonly parameters: ReadonlyMap<string, ModuleParameter>;
  /** Names of those that none looks at: what the module's threads do. */
  readonly otherParameters: readonly string[];
  readonly #stage: Stage;
  readonly #unit: TranslationUnit;

  /** Undefined where the tree has no file of that path, or one that lists no cases. */
  static link(request: TreeRequest, path: string): TestModule | undefined {
    const linked = linkTree({ ...request, modules: [path] });
    const unit = linked.program.units.find((each) => each.path === path);
    const hasCases = unit !== undefined && testCasesOf(unit).length > 0;
    return hasCases ? new TestModule(new Stage(linked), unit) : undefined;
  }

  constructor(stage: Stage, unit: TranslationUnit) {
    this.#stage = stage;
    this.#unit = unit;
    this.cases = testCasesOf(unit);
    const all = moduleParameters(unit);
    const used = this.#usedVariables();
    this.parameters = new Map([...all].filter(([, { variable }]) => used.has(variable)));
    this.otherParameters = [...all.keys()].filter((name) => !this.parameters.has(name));
  }

  #usedVariables(): ReadonlySet<Variable> {
    const functions = this.#stage.linked.bindings.all.flatMap((bound) =>
      bound.kind === 'c' && bound.unit === this.#unit ? [bound.definition] : [],
    );
    return new Set(functions.flatMap((definition) => [...(bodyOf(definition)?.statics ?? [])]));
  }

  /** Boots the kernel and runs one case, with parameters other than the module's own, and numbers of chance from a seed. */
  run(each: TestCase, set: ReadonlyMap<string, number>, seed: number): CaseRun {
    const { linked, kernel } = this.#stage;
    const watch = new CaseWatch(() => this.#place());
    let result: number | undefined;
    let pagesLeft: number | undefined;
    let steps: number | undefined;
    const events = new EventCounter((event) => watch.note(event));
    const end = endOf(this.#stage, () => {
      this.#stage.boot(events);
      this.#set(set);
      kernel.state(randomState).prng = new Prng(seed);
      linked.runtime.fuel = FUEL_FOR_CASE;
      result = Number(linked.call(each.function, []));
      steps = events.length;
      for (const name of AFTERWARDS) linked.call(name, []);
      pagesLeft = watch.pages - percpuPages(kernel);
    });
    const { complaints } = watch;
    const outOfMemory = watch.refused && !this.#hasMemory();
    return {
      case: each,
      result,
      end,
      steps: steps ?? events.length,
      complaints: [...complaints],
      pagesLeft,
      outOfMemory,
    };
  }

  #set(values: ReadonlyMap<string, number>): void {
    const { mem } = this.#stage.kernel;
    for (const [name, value] of values) {
      const parameter = this.parameters.get(name);
      if (parameter === undefined) continue;
      const addr = this.#stage.linked.addressOf(parameter.variable, this.#unit);
      if (parameter.size === 8) mem.st64(addr, value);
      else if (parameter.size === 4) mem.st32(addr, value);
      else mem.write(addr, Uint8Array.from([value, value >>> 8].slice(0, parameter.size)));
    }
  }

  /** The innermost line of C that is being executed. */
  #place(): string {
    const { linked } = this.#stage;
    const frames = linked.placeFrames(linked.rawFrames());
    const frame = frames.find(({ file }) => file !== undefined && !file.startsWith('<'));
    return frame === undefined ? '' : ` at ${frame.file}:${frame.line} ${frame.function}()`;
  }

  #hasMemory(): boolean {
    return this.#stage.kernel.mem.allocate({ size: LARGEST_OBJECT, name: 'probe', guard: 0 }) !== 0;
  }
}

/** Looks at what happens, without keeping it. */
class CaseWatch {
  /** Allocated and not freed. */
  pages = 0;
  refused = false;
  readonly complaints = new Set<string>();
  readonly #place: () => string;

  constructor(place: () => string) {
    this.#place = place;
  }

  note(event: TraceEvent): void {
    if (event.kind === 'page') this.pages += (event.change === 'alloc' ? 1 : -1) * 2 ** event.order;
    else if (event.kind === 'alloc-failure') this.refused = true;
    else if (event.kind === 'warn') this.#complain(`${event.call}: ${event.condition}`);
    else if (event.kind === 'fault') this.#complain(faultText(event));
  }

  #complain(text: string): void {
    if (this.complaints.size < MOST_COMPLAINTS) this.complaints.add(`${text}${this.#place()}`);
  }
}

function faultText({ fault, access, object }: FaultEvent): string {
  const of = object === undefined ? '' : ` of ${object.name}, ${object.size} bytes`;
  return `${fault}${access === 'none' ? '' : ` ${access}`}${of}`;
}
