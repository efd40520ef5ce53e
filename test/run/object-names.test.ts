// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { replaceOnce, runText, stageOf } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const vmalloc = 'mm/vmalloc.c';
const entry = 'if (count > totalram_pages())';

const DECLARED = `
struct part { unsigned long first; spinlock_t lock; };
struct box { struct part one; struct part others[2]; struct { unsigned long inner; }; };
static struct box *boxes, lone;
static DEFINE_SPINLOCK(lock_of_boxes);
static DEFINE_PER_CPU(struct part, parts);
`;

/** What happens when vmap() begins with these statements. */
const eventsOf = (statements: string) => {
  const stage = stageOf(arm64, (source) => {
    const declared = replaceOnce(
      source,
      vmalloc,
      '\nstatic int vmap_pte_range(',
      `${DECLARED}\nstatic int vmap_pte_range(`,
    );
    return replaceOnce(declared, vmalloc, entry, `{ ${statements} } ${entry}`);
  });
  return runText(stage, 'vmap 4K').events;
};

const locksOf = (statements: string): string[] =>
  eventsOf(statements).flatMap((event) =>
    event.kind === 'lock' && event.change === 'acquire' ? [event.name] : [],
  );

const taken = (lock: string): string => `spin_lock(&${lock}); spin_unlock(&${lock});`;

it('name a variable and its members', () => {
  expect(locksOf(taken('lone.others[1].lock'))).toContain('lone.others[1].lock');
  expect(locksOf(taken('lock_of_boxes'))).toContain('lock_of_boxes');
  expect(locksOf(taken('per_cpu(parts, 1).lock'))).toContain('parts[1].lock');
});

it('name an object by the type of the pointer that takes it', () => {
  const alone = `struct box *b = kzalloc(sizeof(*b), GFP_KERNEL); ${taken('b->one.lock')} kfree(b);`;
  expect(locksOf(alone)).toContain('box.one.lock');
});

it('name an array by the variable that points to it, else by its type', () => {
  const array = 'struct box *b = kcalloc(3, sizeof(*b), GFP_KERNEL);';
  expect(locksOf(`${array} ${taken('b[2].one.lock')}`)).toContain('box[2].one.lock');
  expect(locksOf(`${array} boxes = b; ${taken('b[2].one.lock')}`)).toContain('boxes[2].one.lock');
});

it('go by the slab where a function keeps several types in what it gets', () => {
  const two = 'struct box *b = kzalloc(64, GFP_KERNEL); struct part *p = kzalloc(64, GFP_KERNEL);';
  const names = eventsOf(`${two} kfree(b); kfree(p);`).flatMap((event) =>
    event.kind === 'alloc' ? [event.name] : [],
  );
  expect(names.slice(0, 2)).toEqual(['kmalloc-64', 'kmalloc-64']);
});

it('name the member that a fault is about', () => {
  const freed = 'struct box *b = kzalloc(sizeof(*b), GFP_KERNEL); kfree(b); size = b->inner;';
  expect(eventsOf(freed).at(-1)).toMatchObject({
    kind: 'fault',
    fault: 'use-after-free',
    object: { name: 'box' },
    place: 'box.inner',
  });
});
