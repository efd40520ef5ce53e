// SPDX-License-Identifier: GPL-2.0-only

import {
  createReadStream,
  existsSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { readArchiveText } from './archive-text.ts';
import { parseGitRange, readGitRange } from './git-range.ts';
import { MAIL_LIMIT, readMail, type RawMail } from './mail.ts';
import type { MailMessage } from './mail-message.ts';
import { splitMbox, type MboxForm } from './mbox.ts';
import { chooseCommits, findInboxRepositories, readInboxMails, type InboxPart } from './public-inbox.ts';
import { KIND_SAMPLE, kindOfText } from './source-kind.ts';

export interface ReadOptions {
  /** The repository that a range such as `base..tip` lies in. The current directory if left out. */
  readonly repository?: string | undefined;
  /** How an mbox keeps lines that begin with `From `. mboxrd, as public archives write it, if left out. */
  readonly mboxForm?: MboxForm | undefined;
  /** RFC 3339: the moment from which on mails matter. Of a mirror, only what can belong to them is read. */
  readonly since?: string | undefined;
  /** Of mirrors, by folder: the newest commit that was read before, so that not all of it need be read again. */
  readonly known?: ReadonlyMap<string, string> | undefined;
  /** Where `-` reads from. */
  readonly stdin?: AsyncIterable<Buffer> | undefined;
}

export interface SourcesRead extends WithDiagnostics<MailMessage[]> {
  /** The newest commit of each mirror that was read, by its folder's absolute name. */
  readonly mirrors: ReadonlyMap<string, string>;
}

/** How deep folders of patches may be nested. */
const DEPTH_LIMIT = 3;

/** Most mails that are kept; of a mirror, the newest. */
const MESSAGE_LIMIT = 200_000;

/** Largest input, in bytes, that is read from stdin. */
const STDIN_LIMIT = 512 * 1024 * 1024;

/** Bytes of an mbox that are read at a time. */
const CHUNK = 1024 * 1024;

const PATCH_FILE = /\.(?:patch|diff|eml|mail|mbox|mbx|mboxrd|cover|txt)$/i;

/**
 * Reads every mail of the sources, in order: a folder of patch files, one patch or .eml file, an mbox, a maildir,
 * a git range, a public-inbox mirror, text of a web archive, or `-` for stdin. What cannot be read is reported and
 * the rest still read.
 */
export async function readSources(
  sources: readonly string[],
  options: ReadOptions = {},
): Promise<SourcesRead> {
  const reader = new SourceReader(options);
  for (const source of sources) await reader.readSource(source);
  return { value: reader.messages, diagnostics: reader.diagnostics, mirrors: reader.mirrors };
}

class SourceReader {
  readonly messages: MailMessage[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly mirrors = new Map<string, string>();
  private readonly options: ReadOptions;
  private stopped = false;

  constructor(options: ReadOptions) {
    this.options = options;
  }

  async readSource(source: string): Promise<void> {
    const before = this.messages.length;
    const diagnosticsBefore = this.diagnostics.length;
    if (source === '-') await this.readStdin();
    else if (source.includes('\0'))
      this.report('ingest/bad-source', 'a source has a NUL in its name', '(source)');
    else if (existsSync(source)) await this.readPath(source);
    else await this.readRange(source);
    if (this.messages.length === before && this.diagnostics.length === diagnosticsBefore) {
      this.report('ingest/no-messages', `no mail and no patch is found in \`${source}\``, source);
    }
  }

  private async readPath(path: string): Promise<void> {
    const status = statSync(path);
    if (status.isFile()) return this.readFile(path);
    if (!status.isDirectory()) {
      return this.report('ingest/bad-source', `\`${path}\` is neither a file nor a directory`, path);
    }
    const inboxes = findInboxRepositories(path);
    if (inboxes.length > 0) {
      const { since, known } = this.options;
      const newest = await this.readInbox(inboxes, { since, known: known?.get(resolve(path)) });
      if (newest !== undefined) this.mirrors.set(resolve(path), newest);
    } else if (isMaildir(path)) {
      await this.readMaildir(path);
    } else {
      await this.readFolder(path);
    }
  }

  private async readFolder(folder: string): Promise<void> {
    const files = listPatchFiles(folder, 0);
    if (files.length > 0) {
      for (const file of files) await this.readFile(file);
    } else if (existsSync(join(folder, '.git'))) {
      const message = `\`${folder}\` is a git repository: name the commits to read, such as \`${folder}@base..tip\``;
      this.report('ingest/repository-without-range', message, folder);
    } else {
      const message = `\`${folder}\` holds no patch files (.patch, .diff, .eml, .mbox, .txt)`;
      this.report('ingest/empty-directory', message, folder);
    }
  }

  private async readMaildir(folder: string): Promise<void> {
    for (const part of ['new', 'cur']) {
      if (!existsSync(join(folder, part))) continue;
      for (const name of readdirSync(join(folder, part)).sort()) {
        const path = join(folder, part, name);
        if (!name.startsWith('.') && statSync(path).isFile()) await this.readFile(path);
      }
    }
  }

  private async readFile(path: string): Promise<void> {
    const sample = readStart(path);
    if (kindOfText(sample) === 'mbox') {
      return this.readMbox(createReadStream(path, { highWaterMark: CHUNK }), path);
    }
    const { size } = statSync(path);
    if (size > MAIL_LIMIT) {
      const message = `\`${path}\` has ${size} bytes, over the limit of ${MAIL_LIMIT} for one mail`;
      return this.report('ingest/mail-too-large', message, path);
    }
    await this.readText(readFileSync(path), path);
  }

  private async readText(bytes: Buffer, file: string): Promise<void> {
    const kind = kindOfText(bytes);
    switch (kind) {
      case 'mbox':
        return this.readMbox([bytes], file);
      case 'mail':
        return this.readOne(dropLeadingEmptyLines(bytes, file));
      case 'diff':
        return this.take({ value: bareDiff(bytes, file), diagnostics: [] });
      case 'archive':
        return this.take(readArchiveText(bytes.toString('utf8'), file));
      case 'empty':
        return this.report('ingest/empty-file', `\`${file}\` is empty`, file);
      case 'binary':
        return this.report('ingest/binary-file', `\`${file}\` is a binary file, not mail or a patch`, file);
      case 'unknown':
        return this.report(
          'ingest/unknown-kind',
          `\`${file}\` is neither mail, nor an mbox, nor a patch`,
          file,
        );
    }
  }

  private async readMbox(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, file: string): Promise<void> {
    for await (const raw of splitMbox(chunks, file, this.options.mboxForm ?? 'mboxrd')) {
      await this.readOne(raw);
      if (this.stopped) return;
    }
  }

  /** Gives the newest commit that was read. */
  private async readInbox(
    repositories: readonly string[],
    part: Omit<InboxPart, 'limit'>,
  ): Promise<string | undefined> {
    const room = MESSAGE_LIMIT - this.messages.length;
    const { value, diagnostics } = chooseCommits(repositories, { ...part, limit: room });
    this.diagnostics.push(...diagnostics);
    let deleted = 0;
    for await (const raw of readInboxMails(value, () => (deleted += 1))) await this.readOne(raw);
    if (deleted > 0) this.reportDeleted(deleted, repositories[0] ?? '');
    return value.at(-1)?.hashes.at(-1);
  }

  private reportDeleted(deleted: number, file: string): void {
    const which = deleted === 1 ? 'one mail was' : `${deleted} mails were`;
    const message = `${which} taken back from this mirror and left out`;
    this.diagnostics.push({ code: 'ingest/mirror-deletion', severity: 'warning', message, where: { file } });
  }

  private async readRange(source: string): Promise<void> {
    const range = parseGitRange(source, this.options.repository ?? '.');
    if (range === undefined) return this.report('ingest/no-source', `\`${source}\` does not exist`, source);
    const inboxes = existsSync(range.directory) ? findInboxRepositories(range.directory) : [];
    if (inboxes.length > 0) {
      const tip = range.tip === 'HEAD' ? undefined : range.tip;
      await this.readInbox(inboxes, { base: range.base, tip });
      return;
    }
    const { value, diagnostics } = await readGitRange(range);
    this.diagnostics.push(...diagnostics);
    if (value !== undefined) await this.readMbox([value], source);
  }

  private async readStdin(): Promise<void> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.options.stdin ?? process.stdin) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > STDIN_LIMIT) {
        return this.report('ingest/stdin-too-large', `stdin is longer than ${STDIN_LIMIT} bytes`, '-');
      }
    }
    await this.readText(Buffer.concat(chunks), '-');
  }

  private async readOne(raw: RawMail): Promise<void> {
    this.take(await readMail(raw));
  }

  private take(read: WithDiagnostics<MailMessage | undefined>): void {
    this.diagnostics.push(...read.diagnostics);
    if (read.value === undefined || this.stopped) return;
    if (this.messages.length >= MESSAGE_LIMIT) {
      this.stopped = true;
      this.report(
        'ingest/too-many-mails',
        `only the first ${MESSAGE_LIMIT} mails are read`,
        read.value.place.file,
      );
      return;
    }
    this.messages.push(read.value);
  }

  private report(code: string, message: string, file: string): void {
    this.diagnostics.push({ code, severity: 'error', message, where: { file } });
  }
}

function isMaildir(path: string): boolean {
  return existsSync(join(path, 'cur')) && existsSync(join(path, 'new'));
}

/** Patch files in a folder and the folders in it, in the order of their names (v2 before v10). */
function listPatchFiles(folder: string, depth: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.'));
  entries.sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile() && PATCH_FILE.test(entry.name)) files.push(path);
    else if (entry.isDirectory() && depth < DEPTH_LIMIT) files.push(...listPatchFiles(path, depth + 1));
  }
  return files;
}

function readStart(path: string): Buffer {
  const sample = Buffer.alloc(KIND_SAMPLE);
  const descriptor = openSync(path, 'r');
  try {
    return sample.subarray(0, readSync(descriptor, sample, 0, KIND_SAMPLE, 0));
  } finally {
    closeSync(descriptor);
  }
}

function dropLeadingEmptyLines(bytes: Buffer, file: string): RawMail {
  let start = 0;
  let line = 1;
  for (; bytes[start] === 0x0a || bytes[start] === 0x0d; start += 1) if (bytes[start] === 0x0a) line += 1;
  return { bytes: bytes.subarray(start), place: { file, line } };
}

/** A diff without any mail around it; its subject is the file's name. */
function bareDiff(bytes: Buffer, file: string): MailMessage {
  const place = { file, line: 1 };
  return {
    form: 'diff',
    place,
    bodyPlace: place,
    messageId: undefined,
    inReplyTo: [],
    references: [],
    subject: basename(file).replace(/\.\w{1,6}$/, ''),
    from: undefined,
    date: undefined,
    dateText: undefined,
    body: bytes.toString('utf8').replaceAll('\r\n', '\n'),
    commit: undefined,
  };
}
