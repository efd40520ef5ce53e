// SPDX-License-Identifier: GPL-2.0-only
import type { Pfn, VirtAddr } from '../base/units.ts';
import { isLinearPage, linearPages, mapByBlocks, mapByPages } from '../model/arch/arm64/mm/linear-pages.ts';
import { firstFreeFrame } from '../model/mm/page-supply.ts';
import { pageAt } from '../model/mm/array-of-pages.ts';
import type { Intent } from '../trace/events.ts';
import { followsAliases, splitsLinearMap } from './entry-points.ts';
import { needFixmap } from './prepared-linear-map.ts';
import type {
  LinearPageOperation,
  LinearPagesOperation,
  LinearProtectOperation,
} from './linear-operations.ts';
import type { Place } from './scenario.ts';
import { atPlace, type PreparedCall, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** Tables for a part of the linear map, as boot leaves them, before anybody is told why. */
export function prepareLinearPages(
  stage: Stage,
  { size: count }: LinearPagesOperation,
): PreparedCall | Unreachable {
  const { linked, kernel, machine, pageSize } = stage;
  if (machine.arch !== 'arm64') return { notReached: 'the linear map is not modelled by pages here' };
  const pfn = firstFreeFrame(kernel);
  const start = machine.addresses.pageOffset + pfn * pageSize;
  // Who can split live leaves has a linear map of large ones, in trees that do so; the model's own functions do not.
  const blocks = splitsLinearMap(linked.program) && machine.splitsLive && changesLinearMap(stage);
  const follows = followsAliases(linked.program);
  const map = blocks ? mapByBlocks : mapByPages;
  map(kernel, start, { pfn, count }, kernel.pgprot_tagged(stage.protection('rw')));
  Object.assign(kernel.state(linearPages), { start, end: start + count * pageSize, blocks, follows });
  return { intent: { kind: 'linear', follows }, values: { arg: 0 } };
}

/** Is it the tree's own code that changes pages of the linear map? */
function changesLinearMap({ linked: { bindings } }: Stage): boolean {
  const changers = ['set_memory_ro', 'set_direct_map_invalid_noflush', 'set_direct_map_default_noflush'];
  return changers.every((name) => bindings.find(name, undefined)?.kind === 'c');
}

export function prepareLinearProtect(
  stage: Stage,
  state: ScenarioState,
  { at, prot }: LinearProtectOperation,
): PreparedCall | Unreachable {
  return atLinearPage(stage, state, at, (addr, pfn) => {
    if (prot !== 'ro' && prot !== 'rw') return { notReached: 'the linear map is never executable' };
    if (stage.kernel.state(linearPages).blocks)
      return {
        notReached: 'update_mapping_prot() changes single pages, and this linear map is made of blocks',
      };
    // Where it is the tree that writes the tables, it does so through the fixmap.
    const isTrees = stage.linked.bindings.find('update_mapping_prot', undefined)?.kind === 'c';
    const missing = isTrees ? needFixmap(stage, state) : undefined;
    if (missing !== undefined) return missing;
    const size = stage.pageSize;
    return {
      intent: { kind: 'protect', addr, size, change: prot },
      values: {
        phys_addr: pfn * size,
        addr,
        size,
        prot: stage.kernel.pgprot_tagged(stage.protection(prot)),
      },
    };
  });
}

export function prepareLinearPage(
  stage: Stage,
  state: ScenarioState,
  { call, at }: LinearPageOperation,
): PreparedCall | Unreachable {
  return atLinearPage(stage, state, at, (addr, pfn) => {
    const values = { page: stage.kernel.pfn_to_page(pfn) };
    const size = stage.pageSize;
    if (call === 'kernel_page_present')
      return { intent: { kind: 'show', addr, size, legal: true }, values, saysPresent: pfn };
    const change = call === 'set_direct_map_invalid_noflush' ? 'invalid' : 'valid';
    return { intent: { kind: 'protect', addr, size, change } satisfies Intent, values };
  });
}

/** Where the linear map has the page that stands at a place of an area of vmalloc(). */
function atLinearPage(
  stage: Stage,
  state: ScenarioState,
  place: Place,
  prepare: (addr: VirtAddr, pfn: Pfn) => PreparedCall | Unreachable,
): PreparedCall | Unreachable {
  return atPlace(stage, state, place, 1, (mapped) => {
    const { kernel, machine, pageSize } = stage;
    const area = stage.findArea(mapped);
    const pages = area === undefined ? 0 : kernel.structs.vm_struct(area.vm).pages;
    if (area === undefined || pages === 0) return { notReached: 'the area has no pages of its own' };
    const page = pageAt(kernel, pages, (mapped - area.addr) / pageSize);
    const pfn = kernel.page_to_pfn(page);
    const addr = machine.addresses.pageOffset + pfn * pageSize;
    return isLinearPage(kernel, addr)
      ? prepare(addr, pfn)
      : { notReached: 'the linear map of the page is in no table' };
  });
}
