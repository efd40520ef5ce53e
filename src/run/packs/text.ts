// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { areaAt, type Operation, type ProtectOperation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/**
 * What who keeps code in vmalloc space does with it: large pages become read-only and executable piece by piece, and where a
 * tree joins pages again, they come together.
 */
export function textScenarios({ block }: Shapes): readonly Scenario[] {
  const whole = 2 * block;
  const small: Operation = { call: 'vmalloc', size: 4 };
  const large: Operation = { call: 'vmalloc_huge', size: whole };
  const from = (make: Operation, ...steps: readonly Operation[]): Scenario => ({
    operations: [make, ...steps, { call: 'vfree', area: 0 }],
  });
  return [
    from(small, set('rox', 0, 4)),
    from(small, set('rox', 1, 2), set('nx', 1, 1), set('rw', 1, 1), set('rox', 0, 4)),
    from(large, set('rox', 0, whole)),
    from(large, set('rox', 0, block), set('nx', 0, block), set('rw', 0, block)),
    // In pieces, and then as a whole.
    from(large, set('rox', 1, 2), set('rox', 0, whole)),
    from(large, set('rox', 0, block / 2), set('rox', block / 2, block / 2), set('rox', block, block)),
    from(large, set('ro', block - 1, 2), set('rox', 0, whole), set('rox', block - 1, 2)),
    from(large, set('rox', 0, whole), set('nx', 3, 1), set('rw', 3, 1), set('rox', 3, 1)),
    from(large, { ...set('rox', 1, 1), fail: { nth: 1, onward: true } }, set('rox', 0, whole)),
    {
      operations: [
        ...[large, large],
        ...[set('rox', 0, 1), set('rox', 0, whole), { ...set('rox', 1, 1), at: areaAt(1, 1) }],
        ...([{ call: 'vfree', area: 0 }, large, { call: 'vfree', area: 1 }] as const),
        { call: 'vfree', area: 6 },
      ],
    },
  ];
}

function set(what: 'ro' | 'rw' | 'nx' | 'rox', page: PageCount, size: PageCount): ProtectOperation {
  return { call: `set_memory_${what}`, at: areaAt(0, page), size };
}
