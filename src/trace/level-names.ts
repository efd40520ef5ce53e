// SPDX-License-Identifier: GPL-2.0-only
import type { LevelName } from './machine.ts';

/** Linux's levels, root first; a machine folds those that its hardware lacks. */
export const levelNames: readonly LevelName[] = ['pgd', 'p4d', 'pud', 'pmd', 'pte'];
