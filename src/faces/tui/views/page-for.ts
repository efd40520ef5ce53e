// SPDX-License-Identifier: GPL-2.0-only

import type { Known } from '../known.ts';
import type { Look, Page, View } from '../page.ts';
import { codePage } from './code.ts';
import { coveragePage } from './coverage.ts';
import { explanationPage } from './explanation.ts';
import { findingsPage } from './findings.ts';
import { helpPage } from './help.ts';
import { letterPage } from './letter.ts';
import { mailPage, replyPage } from './mail.ts';
import { overviewPage } from './overview.ts';
import { patchPage } from './patch.ts';
import { promisePage } from './promise.ts';
import { versionsPage } from './versions.ts';

/** The page of a view, made of what is known now. */
export function pageFor(view: View, known: Known, look: Look): Page {
  switch (view.kind) {
    case 'overview':
      return overviewPage(known, look);
    case 'findings':
      return findingsPage(known, look);
    case 'explanation':
      return explanationPage(view.id, known, look);
    case 'promise':
      return promisePage(view, known, look);
    case 'patch':
      return patchPage(view, known, look);
    case 'letter':
      return letterPage(view.label, known, look);
    case 'reply':
      return replyPage(view, known, look);
    case 'mail':
      return mailPage(view.at, known, look);
    case 'versions':
      return versionsPage(view, known, look);
    case 'code':
      return codePage(view, known, look);
    case 'coverage':
      return coveragePage(known, look);
    case 'help':
      return helpPage();
  }
}
