// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { callOf, evaluate, link } from './few-lines.ts';

// Scopes that undo themselves (linux/cleanup.h), those that trees make for themselves too.

describe('guards', () => {
  const mutex = 'static DEFINE_MUTEX(m);';

  it.each([
    [
      'a scope',
      mutex,
      'long held; scoped_guard(mutex, &m) { held = mutex_is_locked(&m); } return held * 2 + mutex_is_locked(&m);',
    ],
    [
      'a scope that is taken if it can be',
      mutex,
      'long held = 0; scoped_cond_guard(mutex_try, return 9, &m) { held = mutex_is_locked(&m); } return held * 2 + mutex_is_locked(&m);',
    ],
    [
      'the rest of a block',
      mutex,
      'long held; { guard(mutex)(&m); held = mutex_is_locked(&m); } return held * 2 + mutex_is_locked(&m);',
    ],
    [
      'one that may fail',
      mutex,
      'ACQUIRE(mutex_try, held)(&m); return ACQUIRE_ERR(mutex_try, &held) ? 0 : 2 * mutex_is_locked(&m);',
    ],
    [
      'interrupts off',
      'static DEFINE_SPINLOCK(l);',
      'long held; { guard(spinlock_irqsave)(&l); held = spin_is_locked(&l); } return held * 2 + spin_is_locked(&l);',
    ],
    [
      'one of a file',
      'static int depth; DEFINE_LOCK_GUARD_0(mine, depth++, depth--)',
      'long held; { guard(mine)(); held = depth; } return held * 2 + depth;',
    ],
    [
      'one of a file, for an object',
      'struct box { int n; }; DEFINE_GUARD(box, struct box *, _T->n++, _T->n--)',
      'struct box b = { 0 }; long held; { guard(box)(&b); held = b.n; } return held * 2 + b.n;',
    ],
    [
      'one of a file, that may be refused',
      'struct box { int n; }; DEFINE_GUARD(box, struct box *, _T->n++, _T->n--) DEFINE_GUARD_COND(box, _try, _T->n ? 0 : ++_T->n)',
      'struct box b = { 1 }; long held = 0; scoped_guard(box_try, &b) held = 5; scoped_cond_guard(box_try, held++, &b) held = 5; b.n = 0; scoped_guard(box_try, &b) held += b.n; return held + b.n;',
    ],
    [
      'one of a file, that yields an error',
      'static int depth; DEFINE_LOCK_GUARD_1(own, int, depth++, depth--) DEFINE_LOCK_GUARD_1_COND(own, _intr, *_T->lock ?: (depth++, 0), _RET == 0)',
      'int asked = -EINTR; { ACQUIRE(own_intr, held)(&asked); if (ACQUIRE_ERR(own_intr, &held) != -EINTR || depth) return 7; } asked = 0; { ACQUIRE(own_intr, held)(&asked); if (ACQUIRE_ERR(own_intr, &held)) return 8; asked = depth; } return asked * 2 + depth;',
    ],
    [
      'one that can be interrupted',
      mutex,
      'ACQUIRE(mutex_intr, held)(&m); return ACQUIRE_ERR(mutex_intr, &held) ? 0 : 2 * mutex_is_locked(&m);',
    ],
    [
      'a value of a class of its own, and of what extends it',
      'static int live; DEFINE_CLASS(thing, int, live -= _T, ({ live += n; n; }), int n) EXTEND_CLASS(thing, _two, ({ live += 2; 2; }), void)',
      'long held; { CLASS(thing, one)(3); scoped_class(thing_two, two) held = live - one - two; if (held) return 9; held = live; } return held - live - 1;',
    ],
    [
      'interrupts off, twice',
      '',
      'long off; { guard(irqsave)(); { guard(irqsave)(); } off = irqs_disabled(); } return off * 2 + irqs_disabled();',
    ],
  ])('hold and let go: %s', (_title, before, body) => {
    expect(evaluate(body, before)).toBe(2);
  });
});

describe('scopes that a header of the tree makes', () => {
  const header = `static int depth;
struct box { int n; };
DEFINE_LOCK_GUARD_0(nested, depth++, depth--)
DEFINE_GUARD(box, struct box *, _T->n++, _T->n--)
DEFINE_GUARD_COND(box, _try, _T->n ? 0 : ++_T->n)
DEFINE_CLASS(
	boxed, struct box, depth -= _T.n, (struct box){ depth += n }, int n)
DEFINE_FREE(box, struct box *, if (_T) _T->n = 0)
static inline int boxes_depth(void) { return depth; }
`;
  const run = (body: string): number => {
    const text = `#include <linux/boxes.h>\nlong asked(void)\n{\n${body}\n}\n`;
    const source = { 'mm/vmalloc.c': text, 'include/linux/boxes.h': header, 'include/linux/mm.h': '' };
    const linked = link(source, 'asked');
    expect([...linked.untranslated]).toEqual([]);
    return callOf(linked, 'asked').value;
  };

  it.each([
    ['guard', 'long held; { guard(nested)(); held = boxes_depth(); } return held * 2 + boxes_depth();', 2],
    [
      'scoped_guard',
      'struct box b = { 3 }; long held = 0; scoped_guard(box, &b) held = b.n; return held * 10 + b.n;',
      43,
    ],
    [
      'one that may be refused',
      'struct box b = { 3 }; scoped_cond_guard(box_try, return 7, &b) { } return 0;',
      7,
    ],
    [
      'CLASS',
      'long held; { CLASS(boxed, one)(4); held = boxes_depth(); } return held * 10 + boxes_depth();',
      40,
    ],
    ['__free', 'struct box b = { 3 }; { struct box *p __free(box) = &b; } return b.n;', 0],
  ])('%s', (_title, body, value) => {
    expect(run(body)).toBe(value);
  });
});
