// SPDX-License-Identifier: GPL-2.0-only
import * as ioremap from './ioremap.ts';
import * as alloc from './vmalloc-alloc.ts';
import * as area from './vmalloc-area.ts';
import * as block from './vmalloc-block.ts';
import * as calls from './vmalloc-calls.ts';
import * as free from './vmalloc-free.ts';
import * as init from './vmalloc-init.ts';
import * as ioremapRange from './vmalloc-ioremap.ts';
import * as lookup from './vmalloc-lookup.ts';
import * as mapRam from './vmalloc-map-ram.ts';
import * as mapTables from './vmalloc-page-table-map.ts';
import * as mapPages from './vmalloc-page-table-pages.ts';
import * as unmapTables from './vmalloc-page-table-unmap.ts';
import * as percpu from './vmalloc-percpu.ts';
import * as purge from './vmalloc-purge.ts';
import * as scope from './vmalloc-scope.ts';
import * as sparse from './vmalloc-sparse.ts';
import * as user from './vmalloc-user.ts';
import * as vmArea from './vmalloc-vm-area.ts';
import * as vmap from './vmalloc-vmap.ts';

/** What stands for mm/vmalloc.c and mm/ioremap.c: every function that these files export is one of the kernel's. */
export const vmallocModules = [
  ioremap,
  alloc,
  area,
  block,
  calls,
  free,
  init,
  ioremapRange,
  lookup,
  mapRam,
  mapTables,
  mapPages,
  unmapTables,
  percpu,
  purge,
  scope,
  sparse,
  user,
  vmArea,
  vmap,
] as const;

export type VmallocSymbols = typeof ioremap &
  typeof alloc &
  typeof area &
  typeof block &
  typeof calls &
  typeof free &
  typeof init &
  typeof ioremapRange &
  typeof lookup &
  typeof mapRam &
  typeof mapTables &
  typeof mapPages &
  typeof unmapTables &
  typeof percpu &
  typeof purge &
  typeof scope &
  typeof sparse &
  typeof user &
  typeof vmArea &
  typeof vmap;
