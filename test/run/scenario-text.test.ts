// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/run/parse-scenario.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import { areaAt, nullPages, runOf, singles } from '../../src/run/scenario.ts';
import { anyScenario } from './scenario-generators.ts';

describe('scenario text', () => {
  it('reads back what it prints', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const text = printScenario(scenario, 12);
        expect(parseScenario(text, 12)).toEqual({ value: scenario, diagnostics: [] });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is what people write', () => {
    const text = 'vmap 4K*3,64K@+1,null; set_memory_ro #0+2*4; vunmap #0';
    const scenario = {
      operations: [
        {
          call: 'vmap',
          pages: [singles(3), runOf(16, { misaligned: 1 }), nullPages()],
          prot: 'rw',
          flags: ['VM_MAP'],
        },
        { call: 'set_memory_ro', at: areaAt(0, 2), size: 4 },
        { call: 'vunmap', area: 0 },
      ],
    };
    expect(parseScenario(text, 12).value).toEqual(scenario);
    expect(
      printScenario(
        parseScenario(` ${text.replaceAll(' ', '  ')} prot=rw ;`.replace('prot=rw', ''), 12).value!,
        12,
      ),
    ).toBe(text);
  });

  it.each([
    ['', 'the scenario is empty'],
    ['vmap', '`vmap` lacks its pages'],
    ['frob 4K', '`frob` is none of vmap, vunmap'],
    ['vmap 64K*2,tuna', '`tuna` is not a run of pages like `64K`, `64K@+1` or `null`'],
    ['vmap 6K', '6K is no multiple of the page size'],
    ['vmap 4K*0', '`4K*0` has a count of 0'],
    ['vmap 64K[8+9]', '`64K[8+9]` asks for pages behind its end'],
    ['vmap 64K,+64K@+1', '`+64K@+1` cannot both follow and be misaligned'],
    ['vmap 64K prot=xx', '`prot=xx` is none of rw, ro, rwx, rox, uncached'],
    ['vmap 64K colour=red', '`vmap` does not take `colour=`'],
    ['vmap 64K 4K', '`vmap` does not take `4K`'],
    ['vmap 64K flags=1', '`1` is not the name of a VM_* flag'],
    ['vunmap #0', '`#0` in `vunmap` is not an earlier call'],
    ['vmalloc 8K-4096', '`8K-4096` takes away less than one byte or more than a page'],
    ['vmalloc 4K cpu=one', '`cpu=one` is not the number of a CPU'],
    ['vmalloc 4K fail=0', '`fail=0` is not a number of an allocation, from 1, like `2` or `2+`'],
    ['vmalloc 4K context=nmi', '`context=nmi` is not `irq`'],
    ['vmalloc 4K; vrealloc #1 4K', '`#1` in `vrealloc` is not an earlier call'],
    ['__vmalloc_node_range 4K align=12K', '`align=12K` is no power of two'],
    ['__vmalloc_node_range 4K gfp=0', '`gfp=0` is not the name of a GFP_* mask'],
    ['vmap 4K; vunmap #0; vunmap #1', '`#1` in `vunmap` is `vunmap`, which makes no area'],
    ['vmap 4K gives=#1', '`#1` in `vmap` is not an earlier call'],
    ['vmap 4K; vmap 4K gives=0', '`gives=0` is not an earlier call, like `#0`'],
    ['vmalloc_user 4K; remap_vmalloc_range #0*1 from=8', '`from=8` is none of inside, before, wrapped'],
    ['vmap 128G', '33554432 pages are more than 1048576'],
    ['vmap_pages_range w 4K shift=11', '`shift=11` is not between 12 and 40'],
    ['set_memory_ro w+1', '`w+1` is not a range like `#0+2*4`: page 2 on, 4 pages'],
    ['vmap_page_range w 4K*2', '`vmap_page_range` takes one run of frames'],
    ['vmap 4G*8', '8388608 pages are more than 1048576'],
  ])('refuses %j', (text, message) => {
    const { value, diagnostics } = parseScenario(text, 12);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: 'run/scenario', message: expect.stringContaining(message) as string },
    ]);
  });
});
