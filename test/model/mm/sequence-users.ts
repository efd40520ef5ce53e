// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../../../src/base/units.ts';
import { drainWork } from '../../../src/model/kernel/queued-work.ts';
import { GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import type { Drawn, Kind, Live, Sequence } from './sequence.ts';

/** An operation on something that exists. */
export interface User {
  readonly on: readonly Kind[];
  /** What more must be so. */
  readonly when?: (one: Live, s: Sequence) => boolean;
  readonly call: string;
  draw(s: Sequence, one: Live): Drawn;
}

/** An operation that needs nothing. */
export interface Other {
  readonly call: string;
  draw(s: Sequence): Drawn;
}

/** An address within something, and mostly the start of one of its pages. */
function within({ prng, page }: Sequence, { addr, size }: Live): VirtAddr {
  const first = addr - (addr % page);
  return first + prng.below(Math.max(1, Math.ceil(size / page))) * page;
}

/** Some of its pages, by their place and number. */
function part({ prng, page }: Sequence, { size }: Live): { at: number; pages: number } {
  const all = Math.max(1, Math.ceil(size / page));
  const at = prng.oneIn(2) ? 0 : prng.below(all);
  return { at, pages: prng.oneIn(2) ? all - at : 1 + prng.below(all - at) };
}

const vrealloc: User = {
  on: ['allocated'],
  when: ({ changed }) => changed !== true,
  call: 'vrealloc',
  draw: (s, one) => {
    const size = s.prng.oneIn(20) ? 0 : s.prng.oneIn(3) ? Math.ceil(one.size / 2) : s.byteCount();
    const run = () => {
      const addr = s.call('vrealloc', one.addr, size, GFP_KERNEL);
      if (size === 0) s.lose(one);
      if (addr !== 0) Object.assign(one, { addr, size, known: Math.min(one.known ?? 0, size) });
      return addr;
    };
    return { text: `vrealloc ${one.size} to ${size}`, run };
  },
};

/** Bytes are written at the start, so that what moves can be told from what does not. */
const touch: User = {
  on: ['allocated', 'given'],
  when: ({ changed, size }) => changed !== true && size >= 8,
  call: 'memory',
  draw: (s, one) => {
    const value = s.prng.next();
    const run = () => {
      const { mem } = s.kernel;
      mem.st64(one.addr, value);
      if (one.known === undefined) one.known = 8;
    };
    return { text: `write ${value}`, run };
  },
};

const read: User = {
  on: ['allocated'],
  when: ({ known = 0 }) => known >= 8,
  call: 'memory',
  draw: (s, one) => {
    const last = Math.floor((one.known ?? 8) / 8) * 8 - 8;
    const run = () => `${s.kernel.mem.ld64(one.addr)} ${s.kernel.mem.ld64(one.addr + last)}`;
    return { text: `read 0 and ${last}`, run };
  },
};

const lookUps = ['vmalloc_to_page', 'vmalloc_to_pfn', 'is_vmalloc_addr', 'is_vm_area_hugepages'].map(
  (call): User => ({
    on: ['allocated', 'mapped', 'given', 'ram', 'device'],
    call,
    draw: (s, one) => {
      const addr = within(s, one);
      return { text: `${call} ${addr}`, run: () => s.call(call, addr) };
    },
  }),
);

const findVmArea: User = {
  on: ['allocated', 'mapped', 'given', 'ram', 'device', 'taken', 'sparse', 'percpu'],
  call: 'find_vm_area',
  draw: (s, one) => {
    const addr = within(s, one) + s.prng.below(s.page);
    return { text: `find_vm_area ${addr}`, run: () => s.describeArea(addr) };
  },
};

const changes = ['set_memory_ro', 'set_memory_rw', 'set_memory_x', 'set_memory_nx'].map((call): User => ({
  on: ['allocated', 'mapped'],
  // What newer kernels of arm64 answer to that is one of the listed differences.
  when: ({ huge }, s) => huge !== true || s.linked.machine.arch === 'x86',
  call,
  draw: (s, one) => {
    const { at, pages } = part(s, one);
    one.changed = true;
    return { text: `${call} ${pages} from ${at}`, run: () => s.call(call, one.addr + at * s.page, pages) };
  },
}));

const USER_START = 2 ** 30;

/** Shown to user space, which at once looks away again. */
function show(s: Sequence, size: ByteCount, remap: (vma: number) => number): number {
  const { kernel: k } = s;
  const vma = k.mem.allocate({ name: 'vm_area_struct', size: k.sizeof('vm_area_struct'), zeroed: true });
  Object.assign(k.structs.vm_area_struct(vma), { vm_start: USER_START, vm_end: USER_START + size });
  const result = remap(vma);
  k.zap_vma_ptes(vma, USER_START, size);
  k.mem.release(vma);
  return result;
}

const remapWhole: User = {
  on: ['allocated', 'mapped'],
  call: 'remap_vmalloc_range',
  draw: (s, one) => {
    const { at, pages } = part(s, one);
    const run = () => show(s, pages * s.page, (vma) => s.call('remap_vmalloc_range', vma, one.addr, at));
    return { text: `remap_vmalloc_range ${pages} from ${at}`, run };
  },
};

const remapPart: User = {
  on: ['allocated'],
  call: 'remap_vmalloc_range_partial',
  draw: (s, one) => {
    const { at, pages } = part(s, one);
    const odd = s.prng.oneIn(4) ? s.prng.below(s.page) : 0;
    const size = pages * s.page - odd;
    const run = () => {
      return show(s, pages * s.page, (vma) => {
        return s.call('remap_vmalloc_range_partial', vma, USER_START, one.addr, at, size);
      });
    };
    return { text: `remap_vmalloc_range_partial ${size} from ${at}`, run };
  },
};

const isEmpty = ({ filled }: Live): boolean => filled !== true;

const mapRanges = ['ioremap_page_range', 'vmap_page_range'].map((call): User => ({
  on: ['taken'],
  when: isEmpty,
  call,
  draw: (s, one) => {
    const phys = 0x80000000 + s.prng.below(64) * (s.prng.oneIn(2) ? s.page : s.run);
    const run = () => {
      one.filled = true;
      return s.call(call, one.addr, one.addr + one.size, phys, s.prot);
    };
    return { text: `${call} ${one.size} to ${phys}`, run };
  },
}));

/** By groups of pages, where the area is made of whole ones. */
const mapPages: User = {
  on: ['taken'],
  when: isEmpty,
  call: 'vmap_pages_range_noflush',
  draw: (s, one) => {
    const fits = one.addr % s.run === 0 && one.size % s.run === 0;
    const shift = Math.log2(fits && s.prng.oneIn(2) ? s.run : s.page);
    const pfn = s.pfn() - (s.pfn() % (s.run / s.page));
    const run = () => {
      one.filled = true;
      const pages = s.pageArray(pfn, one.size / s.page, 1);
      return s.call(
        'vmap_pages_range_noflush',
        one.addr,
        one.addr + one.size,
        s.prot,
        pages,
        shift,
        GFP_KERNEL,
      );
    };
    return { text: `vmap_pages_range_noflush ${one.size} from ${pfn} shift ${shift}`, run };
  },
};

const unmapRange: User = {
  on: ['taken'],
  when: ({ filled }) => filled === true,
  call: 'vunmap_range',
  draw: (s, one) => ({
    text: 'vunmap_range',
    run: () => {
      one.filled = false;
      return s.call('vunmap_range', one.addr, one.addr + one.size);
    },
  }),
};

/** What is mapped already is refused, and so is what lies outside. */
const mapSparse: User = {
  on: ['sparse'],
  call: 'vm_area_map_pages',
  draw: (s, one) => {
    const { at, pages } = part(s, one);
    const more = s.prng.oneIn(10) ? 1 : 0;
    const pfn = s.pfn();
    const run = () => {
      const start = one.addr + at * s.page;
      const array = s.pageArray(pfn, pages + more, 1);
      const area = s.call('find_vm_area', one.addr);
      return s.call('vm_area_map_pages', area, start, start + (pages + more) * s.page, array);
    };
    return { text: `vm_area_map_pages ${pages + more} at ${at} from ${pfn}`, run };
  },
};

const unmapSparse: User = {
  on: ['sparse'],
  call: 'vm_area_unmap_pages',
  draw: (s, one) => {
    const { at, pages } = part(s, one);
    const run = () => {
      const start = one.addr + at * s.page;
      return s.call('vm_area_unmap_pages', s.call('find_vm_area', one.addr), start, start + pages * s.page);
    };
    return { text: `vm_area_unmap_pages ${pages} at ${at}`, run };
  },
};

export const users: readonly User[] = [
  ...[vrealloc, touch, read, ...lookUps, findVmArea, ...changes, remapWhole, remapPart],
  ...[...mapRanges, mapPages, unmapRange, mapSparse, unmapSparse],
];

export const others: readonly Other[] = [
  {
    call: 'vm_unmap_aliases',
    draw: (s) => ({ text: 'vm_unmap_aliases', run: () => s.call('vm_unmap_aliases') }),
  },
  {
    call: 'vmalloc_nr_pages',
    draw: (s) => ({ text: 'vmalloc_nr_pages', run: () => s.call('vmalloc_nr_pages') }),
  },
  {
    call: 'workers',
    draw: (s) => ({ text: 'workers', run: () => drainWork(s.kernel) }),
  },
  {
    call: 'cpu',
    draw: (s) => {
      const cpu = s.prng.below(Number(s.linked.machine.config['CONFIG_NR_CPUS']));
      return { text: `from CPU ${cpu} on`, run: () => void (s.kernel.cpu = cpu) };
    },
  },
];
