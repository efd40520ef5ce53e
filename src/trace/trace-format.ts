// SPDX-License-Identifier: GPL-2.0-only
import { z } from 'zod';
import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { descriptorHex } from '../base/descriptor.ts';
import { hex } from '../base/u64.ts';
import type { TraceEvent } from './events.ts';
import type { Machine } from './machine.ts';
import { eventSchema, machineSchema } from './trace-schema.ts';
import type { Trace } from './trace.ts';

/** The version that is written, and the only one that is read. */
const TRACE_FORMAT = 1;

/** How much of a file is believed. A damaged or hostile one must not take all memory. */
export interface TraceLimits {
  readonly events: number;
  /** Characters of one line. */
  readonly line: number;
  readonly diagnostics: number;
}

const usualLimits: TraceLimits = { events: 20_000_000, line: 4_194_304, diagnostics: 20 };

/** A trace as lines without their newlines: the header, then one event a line (docs/trace-format.md). */
export function* writeTrace(trace: Trace): Generator<string> {
  yield JSON.stringify({ rewalkTrace: TRACE_FORMAT, machine: trace.machine });
  for (const event of trace.events) yield writeEvent(event);
}

/**
 * Descriptors become the hexadecimal text of their hardware bits, other 64-bit values only where a JSON number is not
 * exact; the address of an unlinked entry becomes null.
 */
function writeEvent(event: TraceEvent): string {
  switch (event.kind) {
    case 'table-write': {
      const { addr = null, before, after } = event;
      return JSON.stringify({ ...event, addr, before: descriptorHex(before), after: descriptorHex(after) });
    }
    case 'operation': {
      const { intent } = event;
      if (!('prot' in intent)) return JSON.stringify(event);
      const entry =
        'entry' in intent && intent.entry !== undefined ? { entry: descriptorHex(intent.entry) } : {};
      return JSON.stringify({ ...event, intent: { ...intent, prot: descriptorHex(intent.prot), ...entry } });
    }
    case 'return':
      return JSON.stringify(typeof event.value === 'number' ? event : { ...event, value: hex(event.value) });
    default:
      return JSON.stringify(event);
  }
}

/**
 * Reads what `writeTrace` wrote. Events that cannot be read are left out and told, with their lines; the value is
 * undefined when there is no usable header.
 *
 * @param lines without their newlines
 * @param file the name to tell diagnostics by
 */
export function readTrace(
  lines: Iterable<string>,
  file: string,
  limits: TraceLimits = usualLimits,
): WithDiagnostics<Trace | undefined> {
  const reader = new TraceReader(file, limits);
  for (const line of lines) if (!reader.read(line)) break;
  return reader.finish();
}

class TraceReader {
  readonly #file: string;
  readonly #limits: TraceLimits;
  readonly #events: TraceEvent[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  #machine: Machine | undefined;
  #levels = new Set<string>();
  #line = 0;
  #damaged = 0;

  constructor(file: string, limits: TraceLimits) {
    this.#file = file;
    this.#limits = limits;
  }

  /** Returns false when the rest is not worth reading. */
  read(line: string): boolean {
    this.#line++;
    if (line === '') return true;
    if (line.length > this.#limits.line) {
      return this.#tell(
        'trace/line-too-long',
        `a line of ${line.length} characters, of at most ${this.#limits.line}`,
      );
    }
    const json = parseJson(line);
    if (json === undefined) {
      return this.#tell(
        'trace/not-json',
        `not JSON: \`${excerpt(line)}\``,
        'the file is cut off or damaged here',
      );
    }
    return this.#machine === undefined ? this.#readHeader(json) : this.#readEvent(json);
  }

  finish(): WithDiagnostics<Trace | undefined> {
    if (this.#line === 0) this.#tell('trace/empty', 'the file is empty');
    const hidden = this.#damaged - this.#diagnostics.length;
    if (hidden > 0) {
      const message = `${hidden} more lines could not be read`;
      this.#diagnostics.push({ code: 'trace/more', severity: 'error', message, where: { file: this.#file } });
    }
    const value = this.#machine === undefined ? undefined : { machine: this.#machine, events: this.#events };
    return { value, diagnostics: this.#diagnostics };
  }

  #readHeader(json: unknown): boolean {
    const header = z.looseObject({ rewalkTrace: z.number(), machine: z.unknown() }).safeParse(json);
    if (!header.success) {
      this.#tell(
        'trace/no-header',
        'the first line is no header of a rewalk trace',
        'save traces with `rewalk replay --trace`',
      );
      return false;
    }
    if (header.data.rewalkTrace !== TRACE_FORMAT) {
      this.#tell('trace/version', `format ${header.data.rewalkTrace}, and only ${TRACE_FORMAT} is known`);
      return false;
    }
    const machine = machineSchema.safeParse(header.data.machine);
    if (!machine.success) {
      this.#tell('trace/machine', `the machine cannot be read: ${issueText(machine.error)}`);
      return false;
    }
    this.#machine = machine.data;
    this.#levels = new Set(machine.data.levels.map(({ name }) => name));
    return true;
  }

  #readEvent(json: unknown): boolean {
    if (this.#events.length >= this.#limits.events) {
      this.#tell('trace/too-many-events', `more than ${this.#limits.events} events; the rest is not read`);
      return false;
    }
    const event = eventSchema.safeParse(json);
    if (!event.success) return this.#tell('trace/event', issueText(event.error), 'the event is left out');
    if ('level' in event.data && event.data.level !== undefined && !this.#levels.has(event.data.level)) {
      const message = `level \`${event.data.level}\`, which the machine has not`;
      return this.#tell('trace/event', message, 'the event is left out');
    }
    this.#events.push(event.data);
    return true;
  }

  #tell(code: string, message: string, hint?: string): true {
    this.#damaged++;
    if (this.#diagnostics.length < this.#limits.diagnostics) {
      const where = { file: this.#file, line: this.#line };
      this.#diagnostics.push({
        code,
        severity: 'error',
        message,
        where,
        ...(hint === undefined ? {} : { hint }),
      });
    }
    return true;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'unreadable' : `\`${issue.path.join('.')}\`: ${issue.message.toLowerCase()}`;
}

function excerpt(line: string): string {
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
