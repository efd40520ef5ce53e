// SPDX-License-Identifier: GPL-2.0-only
// `npm run drift -- --tree DIR[@REV]`: which symbols that the model cites (`@kernel path symbol`) have changed, moved or
// gone in a tree since Linux 6.12, which the model was written after and which `npm run kernel` fetches.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A sentence for the user. */
class CannotCompare extends Error {}

function readOptions() {
  try {
    return parseArgs({ options: { tree: { type: 'string' } } }).values;
  } catch (error) {
    throw new CannotCompare(error instanceof Error ? error.message : String(error));
  }
}

async function drift() {
  const { tree: wanted } = readOptions();
  if (wanted === undefined) throw new CannotCompare('--tree DIR[@REV] names the kernel to look at');
  ensureBuilt();
  const { findCitations, findDrift } = await import('../dist/drift.js');
  const { renderDrift } = await import('../dist/report/drift-text.js');
  const { openTree } = await import('../dist/ingest/source-tree.js');
  const { cachedKernel } = await import('../dist/ingest/kernel-cache.js');

  const cached = cachedKernel('6.12');
  if (cached === undefined) throw new CannotCompare('Linux 6.12 is not there; `npm run kernel` fetches it');
  const pinned = openTree(cached).value;
  const { value: tree, diagnostics } = openTree(wanted);
  if (pinned === undefined || tree === undefined) throw new CannotCompare(diagnostics[0]?.message ?? cached);
  const files = readdirSync(join(root, 'src/model'), { recursive: true, encoding: 'utf8' });
  const citations = files
    .filter((file) => file.endsWith('.ts'))
    .toSorted()
    .flatMap((file) =>
      findCitations(`src/model/${file}`, readFileSync(join(root, 'src/model', file), 'utf8')),
    );
  const lines = renderDrift(findDrift(citations, pinned, tree), 'Linux 6.12', wanted);
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  await drift();
} catch (error) {
  if (!(error instanceof CannotCompare)) throw error;
  process.stderr.write(`npm run drift: ${error.message}\n`);
  process.exitCode = 2;
}
