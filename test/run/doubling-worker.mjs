// SPDX-License-Identifier: GPL-2.0-only
import { parentPort, threadId } from 'node:worker_threads';

// Answers as src/run/serve-jobs.ts does; threads run compiled code only, and tests are not compiled.
parentPort.on('message', ({ index, request }) => {
  if (request.fails) parentPort.postMessage({ index, error: `cannot double ${request.number}` });
  else if (request.ends) process.exit(3);
  else if (request.who)
    setTimeout(() => parentPort.postMessage({ index, result: { thread: threadId } }), request.ms ?? 0);
  else parentPort.postMessage({ index, result: request.number * 2 });
});
