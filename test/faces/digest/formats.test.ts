// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDigest, type Format } from '../../../src/faces/digest/print-digest.ts';
import type { Digest } from '../../../src/report/digest-schema.ts';
import { textWidth } from '../../../src/report/styled-text.ts';

/** What a hostile mail may have in its subject, its names and its text. */
const HOSTILE = '<script>alert(1)</script>\r\nBcc: victim@example.org "&\' \u001b[2J [x](javascript:1) | `';

const digest: Digest = {
  format: 2,
  sources: [`list ${HOSTILE}.mbox`],
  since: '2026-05-01T00:00:00.000Z',
  until: '2026-06-01T00:00:00.000Z',
  tree: null,
  mails: 3,
  quiet: 0,
  diagnostics: 0,
  series: [
    {
      id: 'a"><script>@example.org',
      title: HOSTILE,
      author: `Zoë ${HOSTILE}`,
      latest: {
        label: 'v2',
        patches: 1,
        total: 2,
        date: '2026-05-11T10:00:00Z',
        messageId: 'a2@example.org',
      },
      earlier: [],
      news: { versions: ['v2'], replies: 1, people: [HOSTILE], date: '2026-05-12T10:00:00Z' },
      changes: {
        from: 'v1',
        to: 'v2',
        stated: [{ patch: 0, text: HOSTILE, verdict: 'not-seen', reasons: [HOSTILE] }],
        patches: [{ outcome: 'dropped', subject: HOSTILE, before: 2 }],
        unmentioned: [{ name: HOSTILE, change: 'modified', file: HOSTILE, patches: [1], patchNamed: false }],
        basis: 'hunks',
      },
      state: {
        questions: [{ by: HOSTILE, text: HOSTILE, file: HOSTILE, line: 3, function: HOSTILE }],
        answered: 0,
        gained: [{ key: HOSTILE, value: HOSTILE, patch: 1 }],
        dropped: [],
        vouched: 0,
        waits: { for: 'author', who: [HOSTILE], why: 'a question has no answer' },
      },
      claims: [{ patch: 0, text: HOSTILE, claimed: 2, modelled: 0.5, outcome: 'differs' }],
      run: { skipped: HOSTILE, kind: 'cannot-be-run' },
      attention: ['1 open question'],
    },
  ],
};

const settings = {
  from: 'Zoë Digest <digest@example.org>',
  to: ['linux-mm@example.org'],
  html: false,
  rfc1153: false,
  now: Date.UTC(2026, 5, 1, 12),
  inReplyTo: 'before@rewalk.invalid',
};

async function written(format: Format, html = false): Promise<string> {
  return (await writeDigest(digest, format, { width: 80, colours: false }, { ...settings, html })).text;
}

const PARSE = `
import email, email.policy, json, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
body = m.get_body(('plain',))
print(json.dumps({'headers': [k.lower() for k in m.keys()], 'from': m['from'], 'to': m['to'], 'subject': m['subject'],
  'reply': m['in-reply-to'], 'references': m['references'], 'date': m['date'].datetime.isoformat(),
  'types': [p.get_content_type() for p in m.walk()], 'flowed': body['content-type'].params.get('format'),
  'defects': [str(d) for p in m.walk() for d in p.defects] + [str(d) for v in m.values() for d in v.defects],
  'text': body.get_content()}))
`;

function parsedByPython(mail: string) {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
  writeFileSync(join(folder, 'mail'), mail);
  return JSON.parse(execFileSync('python3', ['-c', PARSE, join(folder, 'mail')], { encoding: 'utf8' })) as {
    readonly headers: readonly string[];
    readonly text: string;
  };
}

describe('a digest as mail', () => {
  it('is what Python reads without complaint, and no text of a mail becomes a header', async () => {
    const { headers, text, ...rest } = parsedByPython(await written('mail'));
    expect(rest).toMatchObject({
      from: 'Zoë Digest <digest@example.org>',
      to: 'linux-mm@example.org',
      reply: '<before@rewalk.invalid>',
      references: '<before@rewalk.invalid>',
      date: '2026-06-01T12:00:00+00:00',
      types: ['text/plain'],
      flowed: null,
      defects: [],
    });
    expect(headers).not.toContain('bcc');
    expect(new Set(headers).size).toBe(headers.length);
    expect(text.split('\n').filter((line) => textWidth(line) > 72 && !line.includes('https://'))).toEqual([]);
    expect(text).not.toContain('\u001b');
  });

  it('has the page as an alternative after the text', async () => {
    expect(parsedByPython(await written('mail', true))).toMatchObject({
      types: ['multipart/alternative', 'text/plain', 'text/html'],
      defects: [],
    });
  });

  it('is what git takes apart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
    const input = await written('mail');
    const head = execFileSync('git', ['mailinfo', join(folder, 'text'), join(folder, 'patch')], {
      input,
      encoding: 'utf8',
    });
    expect(head).toContain('Author: Zoë Digest\nEmail: digest@example.org\n');
    expect(readFileSync(join(folder, 'text'), 'utf8')).toContain('3 mails read');
  });
});

it('is a digest of RFC 1153 that is taken apart at its separators', async () => {
  const mail = (
    await writeDigest(digest, 'mail', { width: 80, colours: false }, { ...settings, rfc1153: true })
  ).text;
  const { text } = parsedByPython(mail);
  const [preamble, rest, ...more] = text.split(`\n${'-'.repeat(70)}\n`);
  expect([preamble!.includes('3 mails read'), more]).toEqual([true, []]);
  const [message, end, ...others] = rest!.split(`\n${'-'.repeat(30)}\n`);
  const [head] = message!.trim().split('\n\n');
  expect(head!.split('\n').map((line) => line.replace(/:.*/, ''))).toEqual(['Date', 'From', 'Subject']);
  expect([end!.trim().split('\n')[0], others]).toEqual(['End of rewalk Digest', []]);
});

describe('a digest for browsers and readers', () => {
  it('has no markup of a mail in its page, and nothing that runs or loads', async () => {
    const page = await written('html');
    expect(page).not.toMatch(/<script|javascript:[^1]|\son\w+=|<img|<link|@import|url\(/i);
    expect(page).toContain('&lt;script&gt;');
    expect(page.match(/href="[^#"][^"]*"/g)).toEqual([
      'href="https://lore.kernel.org/r/a%22%3E%3Cscript%3E@example.org"',
    ]);
  });

  it('is an Atom feed that an XML parser takes', async () => {
    const check =
      'import sys, xml.dom.minidom as x; d=x.parseString(sys.stdin.buffer.read()); print(d.documentElement.tagName, len(d.getElementsByTagName("entry")))';
    const input = await written('atom');
    expect(execFileSync('python3', ['-c', check], { input, encoding: 'utf8' })).toBe('feed 1\n');
  });

  it('has no markup of a mail in its Markdown', async () => {
    const text = await written('markdown');
    expect(text).not.toMatch(/<script|[^\\]\[x\]/);
  });
});
