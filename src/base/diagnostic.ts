// SPDX-License-Identifier: GPL-2.0-only

/**
 * Input or C that rewalk cannot handle. Diagnostics are data: they are returned beside a value and never thrown
 * across stages. Their codes are documented in docs/diagnostics.md.
 */
export interface Diagnostic {
  /** `stage/what-is-wrong`, for example `ingest/hunk-truncated`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong: lower case, with the value received, names in backticks. */
  readonly message: string;
  /** Where: a file, a message id, or a path inside a tree. */
  readonly where?: DiagnosticPlace | undefined;
  /** What follows from it and what to do. */
  readonly hint?: string | undefined;
}

export interface DiagnosticPlace {
  /** A path as the user gave it, or `<message-id>`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number | undefined;
  /** 1-based. */
  readonly column?: number | undefined;
}

/** A value and what could not be read of its source. */
export interface WithDiagnostics<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Characters of a message that are shown: mail from strangers may have a subject of megabytes. */
const MOST_SHOWN = 1000;

/** The one grep-able first line of a diagnostic: `path:line: stage/code: message`. */
export function renderDiagnosticLine(diagnostic: Diagnostic): string {
  const { where } = diagnostic;
  const place =
    where === undefined
      ? 'rewalk'
      : [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
  const { code, message } = diagnostic;
  const shown =
    message.length > MOST_SHOWN
      ? `${message.slice(0, MOST_SHOWN)}… (${message.length} characters in all)`
      : message;
  return `${place}: ${code}: ${shown}`;
}
