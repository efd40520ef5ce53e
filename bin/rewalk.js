#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { ensureInstalled } from '../scripts/ensure-installed.mjs';

ensureInstalled();
ensureBuilt();
await import('../dist/faces/cli/main.js');
