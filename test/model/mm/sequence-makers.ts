// SPDX-License-Identifier: GPL-2.0-only
import { __GFP_FS, __GFP_IO, __GFP_ZERO, GFP_DMA32, GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import { reservePages } from '../../../src/model/mm/page-supply.ts';
import * as vm from '../../../src/model/mm/vm-flags.ts';
import { vmallocSpace } from '../../../src/model/mm/vmalloc-space.ts';
import type { Drawn, Kind, Sequence } from './sequence.ts';

/** An operation that makes something. */
export interface Maker {
  readonly makes: Kind;
  /** The entry point that it is for; two operations may be for one. */
  readonly call: string;
  draw(s: Sequence): Drawn;
}

/** vmalloc() and its kin that take a size first: the other arguments, and whether all is zero. */
const bySize: Readonly<Record<string, { readonly rest: readonly number[]; readonly zeroed?: boolean }>> = {
  vmalloc: { rest: [] },
  vzalloc: { rest: [], zeroed: true },
  vmalloc_user: { rest: [], zeroed: true },
  vmalloc_node: { rest: [0] },
  vzalloc_node: { rest: [-1], zeroed: true },
  vmalloc_32: { rest: [] },
  vmalloc_32_user: { rest: [], zeroed: true },
  __vmalloc: { rest: [GFP_KERNEL | __GFP_ZERO], zeroed: true },
  __vmalloc_node: { rest: [2 ** 18, GFP_KERNEL | GFP_DMA32, -1, 0] },
};

const allocators = Object.entries(bySize).map(([call, { rest, zeroed = false }]): Maker => ({
  makes: 'allocated',
  call,
  draw: (s) => {
    const size = s.byteCount();
    const run = () => s.keep('allocated', s.call(call, size, ...rest), size, zeroed ? { known: size } : {});
    return { text: `${call} ${size}`, run };
  },
}));

const vmallocHuge: Maker = {
  makes: 'allocated',
  call: 'vmalloc_huge',
  draw: (s) => {
    const size = s.largeByteCount();
    return {
      text: `vmalloc_huge ${size}`,
      run: () => s.keep('allocated', s.call('vmalloc_huge', size, GFP_KERNEL), size, { huge: true }),
    };
  },
};

const ways = [
  ...[0, 0, vm.VM_ALLOW_HUGE_VMAP, vm.VM_USERMAP, vm.VM_FLUSH_RESET_PERMS],
  vm.VM_FLUSH_RESET_PERMS | vm.VM_ALLOW_HUGE_VMAP,
];

const vmallocRange: Maker = {
  makes: 'allocated',
  call: '__vmalloc_node_range',
  draw: (s) => {
    const { prng, page, run } = s;
    const flags = prng.pick(ways);
    const size = flags & vm.VM_ALLOW_HUGE_VMAP ? s.largeByteCount() : s.byteCount();
    const align = prng.pick([1, page, 4 * page, run, 2 * run]);
    const gfp = prng.pick([
      GFP_KERNEL,
      GFP_KERNEL & ~__GFP_FS,
      GFP_KERNEL & ~(__GFP_FS | __GFP_IO),
      GFP_KERNEL | __GFP_ZERO,
    ]);
    const { VMALLOC_START, VMALLOC_END } = vmallocSpace(s.kernel);
    // Now and then so little room that a few areas fill it.
    const end = prng.oneIn(6) ? VMALLOC_START + 24 * page : VMALLOC_END;
    const made = {
      ...(gfp & __GFP_ZERO && { known: size }),
      huge: (flags & vm.VM_ALLOW_HUGE_VMAP) !== 0,
    };
    return {
      text: `__vmalloc_node_range ${size} align ${align} below ${end} gfp ${gfp} flags ${flags}`,
      run: () => {
        const args = [size, align, VMALLOC_START, end, gfp, s.prot, flags, -1, 0];
        return s.keep('allocated', s.call('__vmalloc_node_range', ...args), size, made);
      },
    };
  },
};

const vmap: Maker = {
  makes: 'mapped',
  call: 'vmap',
  draw: (s) => {
    const count = s.pageCount();
    const pfn = s.pfn();
    const stride = 1 + s.prng.below(2);
    const run = () => {
      const pages = s.pageArray(pfn, count, stride);
      return s.keep('mapped', s.call('vmap', pages, count, vm.VM_MAP, s.prot), count * s.page);
    };
    return { text: `vmap ${count} from ${pfn} by ${stride}`, run };
  },
};

/** The pages and their array belong to the area, if there is one. */
const vmapGiven: Maker = {
  makes: 'given',
  call: 'vmap',
  draw: (s) => {
    const count = 1 + s.prng.below(12);
    const pfn = PUT_START / s.page + s.prng.below(1000);
    const run = () => {
      if (!reservePages(s.kernel, pfn, count)) return 'these pages are in use';
      const pages = s.pageArray(pfn, count, 1);
      return s.keep(
        'given',
        s.call('vmap', pages, count, vm.VM_MAP | vm.VM_MAP_PUT_PAGES, s.prot),
        count * s.page,
      );
    };
    return { text: `vmap ${count} from ${pfn}, VM_MAP_PUT_PAGES`, run };
  },
};

/** Above the pages that other mappings show. */
const PUT_START = 0x70000000;

/** Frames that are no memory; now and then one that is, which is refused. */
const vmapPfn: Maker = {
  makes: 'mapped',
  call: 'vmap_pfn',
  draw: (s) => {
    const count = 1 + s.prng.below(8);
    const bad = s.prng.oneIn(8) ? s.prng.below(count) : undefined;
    const run = () => {
      const { ramStart, ramPages } = s.linked.machine.addresses;
      const frames = Array.from({ length: count }, (_, i) =>
        i === bad ? s.pfn() : ramStart + ramPages + 3 * i,
      );
      return s.keep('mapped', s.call('vmap_pfn', s.words(frames, 'pfns[]'), count, s.prot), count * s.page);
    };
    return { text: `vmap_pfn ${count}${bad === undefined ? '' : `, number ${bad} of them memory`}`, run };
  },
};

const vmMapRam: Maker = {
  makes: 'ram',
  call: 'vm_map_ram',
  draw: (s) => {
    const count = s.prng.oneIn(8) ? 60 + s.prng.below(20) : 1 + s.prng.below(20);
    const pfn = s.pfn();
    const run = () =>
      s.keep('ram', s.call('vm_map_ram', s.pageArray(pfn, count, 1), count, -1), count * s.page);
    return { text: `vm_map_ram ${count} from ${pfn}`, run };
  },
};

const ioremap: Maker = {
  makes: 'device',
  call: 'generic_ioremap_prot',
  draw: (s) => {
    const { prng, page, run } = s;
    const phys =
      0x80000000 + prng.below(200) * (prng.oneIn(3) ? page : run) + prng.below(2) * prng.below(page);
    const size = prng.oneIn(4) ? s.largeByteCount() : s.byteCount();
    return {
      text: `ioremap ${phys} ${size}`,
      run: () => s.keep('device', s.call('generic_ioremap_prot', phys, size, s.prot), size),
    };
  },
};

function takeArea(s: Sequence, kind: 'taken' | 'sparse', size: number, take: () => number): Drawn['run'] {
  return () => {
    const area = take();
    return s.keep(kind, area === 0 ? 0 : s.kernel.structs.vm_struct(area).addr, size);
  };
}

const getVmArea: Maker = {
  makes: 'taken',
  call: 'get_vm_area',
  draw: (s) => {
    const size = s.prng.oneIn(3) ? s.run * (1 + s.prng.below(4)) : s.pageCount() * s.page;
    const flags = s.prng.pick([vm.VM_IOREMAP, vm.VM_MAP, vm.VM_IOREMAP | vm.VM_NO_GUARD]);
    const run = takeArea(s, 'taken', size, () => s.call('get_vm_area', size, flags));
    return { text: `get_vm_area ${size} flags ${flags}`, run };
  },
};

const getVmAreaInRange: Maker = {
  makes: 'taken',
  call: '__get_vm_area_caller',
  draw: (s) => {
    const { vmallocStart } = s.linked.machine.addresses;
    const size = (1 + s.prng.below(6)) * s.page;
    const start = vmallocStart + s.prng.below(32) * s.page;
    const end = start + (8 + s.prng.below(16)) * s.page;
    const run = takeArea(s, 'taken', size, () =>
      s.call('__get_vm_area_caller', size, vm.VM_IOREMAP, start, end, 0),
    );
    return { text: `__get_vm_area_caller ${size} in ${start} ${end}`, run };
  },
};

const getSparseArea: Maker = {
  makes: 'sparse',
  call: 'get_vm_area',
  draw: (s) => {
    const size = (1 + s.prng.below(40)) * s.page;
    const run = takeArea(s, 'sparse', size, () => s.call('get_vm_area', size, vm.VM_SPARSE));
    return { text: `get_vm_area ${size}, VM_SPARSE`, run };
  },
};

const percpuAreas: Maker = {
  makes: 'percpu',
  call: 'pcpu_get_vm_areas',
  draw: (s) => {
    const { prng, page } = s;
    const count = 1 + prng.below(3);
    const align = page * 2 ** prng.below(5);
    const sizes = Array.from({ length: count }, () => align * (1 + prng.below(4)));
    let offset = 0;
    const offsets = sizes.map((size) => {
      const here = offset;
      offset += size + align * prng.below(40);
      return here;
    });
    const run = () => {
      const args = [s.words(offsets, 'offsets[]'), s.words(sizes, 'sizes[]'), count, align] as const;
      const at = s.call('pcpu_get_vm_areas', ...args);
      if (at === 0) return 0;
      const areas = sizes.map((_, i) => Number(s.kernel.mem.ld64(at + 8 * i)));
      const starts = areas.map((area) => s.kernel.structs.vm_struct(area).addr);
      s.keep('percpu', starts[0]!, sizes[0]!, { array: { at, count } });
      return starts.join();
    };
    return { text: `pcpu_get_vm_areas ${sizes.join()} at ${offsets.join()} align ${align}`, run };
  },
};

export const makers: readonly Maker[] = [
  ...allocators,
  ...[vmallocHuge, vmallocRange, vmap, vmapGiven, vmapPfn, vmMapRam, ioremap],
  ...[getVmArea, getVmAreaInRange, getSparseArea, percpuAreas],
];
