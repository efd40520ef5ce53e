// SPDX-License-Identifier: GPL-2.0-only
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** Debian's names for it: the small one without windows first. */
const PROGRAMS = ['chromium-headless-shell', 'chromium'];

export const browserProgram = PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0);

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Screen {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
}

/** A chromium of its own, without a window, a profile or a network to speak of; spoken to over pipes. */
export class Browser {
  readonly #profile = mkdtempSync(join(tmpdir(), 'rewalk-browser-'));
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #events: Answer[] = [];
  #last = 0;

  constructor(program: string) {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];
    this.#process = spawn(
      program,
      [...flags, '--remote-debugging-pipe', `--user-data-dir=${this.#profile}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    const out = this.#process.stdio[4] as Readable;
    out.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = `${text}${chunk}`.split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message) as Answer);
    });
  }

  #take(answer: Answer): void {
    if (answer.id === undefined) this.#events.push(answer);
    else this.#waiting.get(answer.id)?.(answer);
  }

  /** One call of the DevTools protocol. */
  async call<Result>(method: string, params: object, sessionId?: string): Promise<Result> {
    this.#last += 1;
    const id = this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  /** Opens a file on a screen of that size. */
  async open(file: string, { width, height, dark }: Screen): Promise<Page> {
    const { targetId } = await this.call<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.call<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const call = <Result>(method: string, params: object = {}): Promise<Result> =>
      this.call<Result>(method, params, sessionId);
    await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: true });
    await call('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    for (const domain of ['Page', 'Network', 'Log']) await call(`${domain}.enable`);
    this.#events.length = 0;
    await call('Page.navigate', { url: pathToFileURL(file).href });
    while (!this.#events.some(({ method }) => method === 'Page.loadEventFired')) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return new Page(call, [...this.#events]);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export class Page {
  readonly #call: <Result>(method: string, params?: object) => Promise<Result>;
  /** What was asked of any network or file, the page itself first. */
  readonly requests: readonly string[];
  /** What the browser complained about. */
  readonly complaints: readonly string[];

  constructor(call: <Result>(method: string, params?: object) => Promise<Result>, events: readonly Answer[]) {
    this.#call = call;
    this.requests = events
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => (params as { request: { url: string } }).request.url);
    this.complaints = events
      .filter(({ method }) => method === 'Log.entryAdded')
      .map(({ params }) => (params as { entry: { text: string } }).entry.text);
  }

  /** Runs a script in the page; the value of its last expression must be JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#call<{
      result: { value: unknown };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  }

  /** The whole page as a PNG. */
  async picture(): Promise<Buffer> {
    const { data } = await this.#call<{ data: string }>('Page.captureScreenshot', {
      captureBeyondViewport: true,
    });
    return Buffer.from(data, 'base64');
  }
}
