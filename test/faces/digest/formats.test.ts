// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { issueAfter, NOTHING_TOLD, readState, writeState } from '../../../src/faces/digest/digest-state.ts';
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

const TEXT = { width: 80, colours: false };

const settings = {
  from: 'Zoë Digest <digest@example.org>',
  to: ['linux-mm@example.org'],
  html: false,
  rfc1153: false,
  issue: undefined,
  now: Date.UTC(2026, 5, 1, 12),
  inReplyTo: 'before@rewalk.invalid',
};

async function written(format: Format, html = false): Promise<string> {
  return (await writeDigest(digest, format, TEXT, { ...settings, html })).text;
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

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('SKIPPED: digests in Python, because python3 is not installed\n');

// Under CI python3 is there, and a machine without it fails.
const needsPython = it.skipIf(!hasPython && process.env['CI'] === undefined);

/** What a program in Python prints of a mail. */
function parsedBy(program: string, mail: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
  writeFileSync(join(folder, 'mail'), mail);
  const args = ['-c', program, join(folder, 'mail')];
  return JSON.parse(execFileSync('python3', args, { encoding: 'utf8' })) as unknown;
}

interface Parsed {
  readonly headers: readonly string[];
  readonly text: string;
}

describe('a digest as mail', () => {
  needsPython('is what Python reads without complaint, and no text of a mail becomes a header', async () => {
    const { headers, text, ...rest } = parsedBy(PARSE, await written('mail')) as Parsed;
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

  needsPython('has the page as an alternative after the text', async () => {
    expect(parsedBy(PARSE, await written('mail', true))).toMatchObject({
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

/** Takes a digest of RFC 1153 apart as its text says, and each message as any other mail. */
const BURST = `
import email, email.policy, json, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
text = m.get_body(('plain',)).get_content()
preamble, rest = text.split('\\n\\n' + '-' * 70 + '\\n\\n')
*parts, end = rest.split('\\n\\n' + '-' * 30 + '\\n\\n')
inner = [email.message_from_bytes(p.encode(), policy=email.policy.default) for p in parts]
print(json.dumps({'subject': m['subject'], 'charset': m.get_content_charset(), 'encoding': m['content-transfer-encoding'],
  'ascii': all(b < 128 for b in open(sys.argv[1], 'rb').read()), 'preamble': preamble, 'end': end.split('\\n'),
  'messages': [{'headers': p.keys(), 'from': p['from'], 'subject': p['subject'], 'body': p.get_content(),
    'defects': [str(d) for d in p.defects] + [str(d) for v in p.values() for d in v.defects]} for p in inner]}))
`;

interface Burst {
  readonly messages: readonly { readonly body: string }[];
}

needsPython(
  'is a digest of RFC 1153 that is taken apart at its separators, letters beyond ASCII and all',
  async () => {
    const [entry] = digest.series;
    const two = { ...digest, series: [entry!, { ...entry!, title: 'mm: Grüße an Zoë', author: 'Zoë' }] };
    const mail = await writeDigest(two, 'mail', TEXT, { ...settings, rfc1153: true });
    const { messages, ...rest } = parsedBy(BURST, mail.text) as Burst;
    expect(rest).toMatchObject({
      subject: expect.stringMatching(/ Digest: 2 series, 2026-05-01 to 2026-05-31$/) as string,
      charset: 'utf-8',
      encoding: 'quoted-printable',
      ascii: true,
      preamble: expect.stringContaining('3 mails read') as string,
      end: ['End of rewalk Digest', '*'.repeat(20), ''],
    });
    expect(messages).toHaveLength(2);
    expect(messages[1]).toMatchObject({
      headers: ['Date', 'From', 'Subject', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
      from: 'Zoë Digest <digest@example.org>',
      subject: 'mm: Grüße an Zoë (v2)',
      body: expect.stringContaining('by Zoë') as string,
      defects: [],
    });
  },
);

describe('a digest of RFC 1153 that is counted', () => {
  const issue = { volume: 2026, number: 12 };
  const numbered = { ...settings, rfc1153: true, issue };

  it('says which issue it is, in its subject, at its head and at its end', async () => {
    const { text } = await writeDigest({ ...digest, sources: ['linux-mm'] }, 'mail', TEXT, numbered);
    expect(text).toMatch(/^Subject: linux-mm Digest V2026 #12: /m);
    expect(text).toMatch(/^linux-mm Digest   Mon, 01 Jun 2026   Volume 2026 : Issue 12$/m);
    expect(text).toMatch(/^End of rewalk Digest V2026 #12\n\*{30}$/m);
  });

  it('has the same id on the next day, since it may be one that was not remembered as sent', async () => {
    const first = await writeDigest(digest, 'mail', TEXT, numbered);
    const again = await writeDigest(digest, 'mail', TEXT, { ...numbered, now: settings.now + 86_400_000 });
    expect(again.text).not.toBe(first.text);
    expect(again.messageId).toBe(first.messageId);
  });

  it('is counted anew each year, and the count is remembered', () => {
    const at = (day: string): number => Date.parse(day);
    expect(issueAfter(undefined, at('2026-06-01'))).toEqual({ volume: 2026, number: 1 });
    expect(issueAfter(issue, at('2026-12-31'))).toEqual({ volume: 2026, number: 13 });
    expect(issueAfter(issue, at('2027-01-01'))).toEqual({ volume: 2027, number: 1 });
    const file = join(mkdtempSync(join(tmpdir(), 'rewalk-digest-')), 'state');
    const mirrors = new Map([['/lore/linux-mm', 'a'.repeat(40)]]);
    const since = '2026-05-21T00:00:00Z';
    const state = { told: ['aaaaaaaaaaaa'], lastDigest: 'a@b', lastIssue: issue, mirrors, since };
    writeState(file, state);
    expect(readState(file).value).toEqual(state);
    writeState(file, { ...NOTHING_TOLD, told: ['bbbbbbbbbbbb'] });
    expect(readState(file).value).toEqual({ ...NOTHING_TOLD, told: ['bbbbbbbbbbbb'] });
  });
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

  it('has twenty series in its summary, and the others folded below', async () => {
    const entry = digest.series[0]!;
    const many = (count: number): Digest => ({
      ...digest,
      series: Array.from({ length: count }, () => entry),
    });
    const page = (await writeDigest(many(23), 'html', TEXT, settings)).text;
    const [shown, folded] = page.split('<details>');
    expect(shown!.match(/<li><a href="#s\d+">/g)).toHaveLength(20);
    expect(folded).toMatch(
      /^<summary>and 3 more, which wait for \w+ \(3\)<\/summary>\n<ol class="summary" start="21">/,
    );
    expect(folded!.split('</details>')[0]!.match(/<li><a href="#s2[123]">/g)).toHaveLength(3);
    expect((await writeDigest(many(20), 'html', TEXT, settings)).text).not.toContain('<details>');
  });

  needsPython('is an Atom feed that an XML parser takes', async () => {
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
