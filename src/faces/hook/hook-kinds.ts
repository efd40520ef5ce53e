// SPDX-License-Identifier: GPL-2.0-only

/** What `rewalk hook install --type` takes. */
export const HOOK_KINDS = ['sendemail-validate', 'pre-push', 'pre-review', 'b4'] as const;
export type HookKind = (typeof HOOK_KINDS)[number];

/** The kinds that are a file in a folder of hooks, named after the kind. */
export type ScriptKind = Exclude<HookKind, 'b4'>;

/** What `rewalk hook run` takes: the hooks that git and git-review run, and the commands that b4 runs. */
export const RUN_KINDS = [
  'sendemail-validate',
  'pre-push',
  'pre-review',
  'b4-prep-perpatch',
  'b4-review-perpatch',
  'b4-review-series',
] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What a hook stands before, in the words of its messages, and how to go on regardless. */
export const STOPPED: Readonly<Record<ScriptKind, { readonly act: string; readonly regardless: string }>> = {
  'sendemail-validate': { act: 'mail', regardless: 'git send-email --no-validate …' },
  'pre-push': { act: 'push', regardless: 'git push --no-verify …' },
  'pre-review': { act: 'review', regardless: 'git review --no-custom-script …' },
};
