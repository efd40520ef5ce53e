// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { drawPageTable } from '../../src/trace/draw-page-table.ts';
import { KIB64, MIB2, PAGE, traceOn } from '../invariants/trace-on.ts';
import { arm64, leafEntry, pageKernel, protection, VMALLOC } from './small-machines.ts';

const PFN = 0x50000;
const other = { kind: 'other' } as const;
const draw = (builder: ReturnType<typeof traceOn>, addr: number, before: number): string[] =>
  drawPageTable(builder.trace, { addr, before, after: builder.events.length - 1 }).split('\n');

it('draws blocks, runs and holes around an address', () => {
  const builder = traceOn(arm64).op('map', other).map('pmd', VMALLOC, PFN).returns();
  const before = builder.events.length;
  builder
    .op('map', other)
    .map('pte', VMALLOC + MIB2, PFN + 0x400, { count: 32, contiguous: true })
    .map('pte', VMALLOC + MIB2 + 2 * KIB64, 0x60001)
    .returns();
  expect(draw(builder, VMALLOC + MIB2 + PAGE, before)).toMatchInlineSnapshot(`
    [
      "   address             size         before                          after",
      "   0xffff800000000000  2 GiB        -                               -",
      "   0xffff800080000000  2 MiB        pmd pfn 0x50000..0x501ff rw nx  pmd pfn 0x50000..0x501ff rw nx",
      ">  0xffff800080200000  128 KiB   *  -                               32 pte cont pfn 0x50400..0x5041f rw nx",
      "   0xffff800080220000  4 KiB     *  -                               pte pfn 0x60001 rw nx",
      "   0xffff800080221000  1916 KiB     -                               -",
    ]
  `);
});

it('shows a block that changes as a whole where a half was meant', () => {
  const builder = traceOn(arm64).op('map', other).map('pmd', VMALLOC, PFN).returns();
  const before = builder.events.length;
  const readOnly = protection((3n << 53n) | (1n << 51n) | 0x793n);
  builder
    .op('set_memory_ro', other)
    .write('pmd', VMALLOC, leafEntry(arm64, 'pmd', PFN, readOnly))
    .returns();
  expect(draw(builder, VMALLOC, before)).toMatchInlineSnapshot(`
    [
      "   address             size         before                          after",
      "   0xffff800000000000  2 GiB        -                               -",
      ">  0xffff800080000000  2 MiB     *  pmd pfn 0x50000..0x501ff rw nx  pmd pfn 0x50000..0x501ff ro nx",
      "   0xffff800080200000  1022 MiB     -                               -",
    ]
  `);
});

it('draws nothing but a hole where nothing ever was', () => {
  const builder = traceOn(arm64)
    .op('map', other)
    .map('pte', VMALLOC, PFN, { prot: pageKernel(arm64) })
    .returns();
  expect(draw(builder, VMALLOC + 0x40000000, 0)).toMatchInlineSnapshot(`
    [
      "   address             size         before  after",
      "   0xffff800000000000  2 GiB        -       -",
      "   0xffff800080000000  4 KiB     *  -       pte pfn 0x50000 rw nx",
      ">  0xffff800080001000  ~509 GiB     -       -",
      "   0xffff808000000000  ~127 TiB     -       -",
    ]
  `);
});
