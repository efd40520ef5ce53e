// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../base/descriptor.ts';
import type { HotFormWriter } from '../../../base/hot-form.ts';
import type { Ptr } from '../../../base/units.ts';
import { cells } from '../../../base/hot-layout.ts';
import type { WasmCode } from '../../../base/wasm-module.ts';
import { constantEvents, lazyMmuEntered, lazyMmuLeft } from '../../../trace/constant-events.ts';
import type { Machine } from '../../../trace/machine.ts';
import {
  allOf,
  anyOf,
  either,
  frameOfEntry,
  hardware,
  isEmpty,
  isItself,
  isOfType,
  loadsEntry,
  protectionOfEntry,
  storesAlone,
  storesEntry,
  takesEntry,
  withChanged,
} from '../../entry-forms.ts';
import { frameUnit } from '../../hardware/entry.ts';
import type { InPlace } from '../../in-place-form.ts';
import type { Kernel } from '../../kernel.ts';
import * as bits from './include/asm/pgtable-bits.ts';
import { upperLevelForms } from './level-forms.ts';
import { publishEntry, writeBarriers, writePublish } from './mm/publish-entry.ts';

/** arm64's accessors in place (../../in-place.ts). */
export function arm64InPlace(machine: Machine): Readonly<Record<string, InPlace>> {
  const isFoldable = machine.config['CONFIG_ARM64_CONTPTE'] === true;
  return {
    ...asked,
    ...changed,
    pte_pfn: frameOfEntry(machine),
    pte_pgprot: protectionOfEntry(machine),
    ...stored,
    ...lazy,
    __set_ptes: setsPtes(machine),
    ...upperLevelForms(machine),
    ...(isFoldable ? { set_pte_at: setsFoldedPte } : {}),
  };
}

/** What an entry says. */
const asked: Readonly<Record<string, InPlace>> = {
  pte_none: isEmpty,
  pte_valid: anyOf(bits.PTE_VALID),
  pte_present: anyOf(bits.PTE_VALID | bits.PTE_PRESENT_INVALID),
  pte_cont: anyOf(bits.PTE_CONT),
  pte_valid_cont: allOf(bits.PTE_VALID | bits.PTE_CONT),
  pte_young: anyOf(bits.PTE_AF),
  pte_write: anyOf(bits.PTE_WRITE),
  pte_dirty: either(anyOf(bits.PTE_DIRTY), isOfType(bits.PTE_WRITE | bits.PTE_RDONLY, bits.PTE_WRITE)),
};

/** Entries made of others. */
const changed: Readonly<Record<string, InPlace>> = {
  pte_mkhuge: withChanged({ clear: bits.PTE_TABLE_BIT }),
  pte_mkcont: withChanged({ set: bits.PTE_CONT | bits.PTE_TYPE_PAGE }),
  pte_mknoncont: withChanged({ clear: bits.PTE_CONT }),
  pte_mkyoung: withChanged({ set: bits.PTE_AF }),
  pte_mkdirty: {
    print: ([pte], { call, temporary }) => {
      const dirty = temporary();
      const setting = `${dirty} = ${pte} + (${bits.PTE_DIRTY} & ~${pte})`;
      const writable = `${dirty} - (${bits.PTE_RDONLY} & ${dirty})`;
      const made = `(${pte} & ${bits.PTE_WRITE}) !== 0 ? ${writable} : ${dirty}`;
      return { value: `(typeof ${pte} === 'number' ? (${setting}, ${made}) : ${call(pte!)})` };
    },
    hot: ({ code, args: [pte] }) => {
      const dirty = code.local('i64');
      code.get(pte!).i64(hardware(bits.PTE_DIRTY)).op('i64.or').tee(dirty);
      code.i64(~hardware(bits.PTE_RDONLY)).op('i64.and').get(dirty).get(dirty);
      code.i64(hardware(bits.PTE_WRITE)).op('i64.and').i64(0).op('i64.ne', 'select');
    },
  },
  pmd_mkcont: withChanged({ set: bits.PTE_CONT }),
  pte_pmd: isItself,
  pmd_pte: isItself,
};

/** Entries in memory. */
const stored: Readonly<Record<string, InPlace>> = {
  ptep_get: loadsEntry,
  __ptep_get: loadsEntry,
  set_pte_at: storesEntry(setPte, writeSetPte),
  ptep_get_and_clear: takesEntry,
  __ptep_get_and_clear: takesEntry,
};

const entersLazyMode: InPlace = {
  hot: ({ code, helpers }) => {
    helpers.constant(code, constantEvents.indexOf(lazyMmuEntered));
    addToDepth(code, 1);
  },
};

const leavesLazyMode: InPlace = {
  hot: ({ code, helpers }) => {
    code.cell(cells.lazyPending).if(undefined, () => {
      writeBarriers(code, helpers);
      code.i32(0).i32(0).at('i32.store', cells.lazyPending);
    });
    helpers.constant(code, constantEvents.indexOf(lazyMmuLeft));
    addToDepth(code, -1);
  },
};

function addToDepth(code: WasmCode, more: number): void {
  code.i32(0).cell(cells.lazyDepth).i32(more).op('i32.add').at('i32.store', cells.lazyDepth);
}

/** Lazy MMU mode, for hot code. */
const lazy: Readonly<Record<string, InPlace>> = {
  arch_enter_lazy_mmu_mode: entersLazyMode,
  lazy_mmu_mode_enable: entersLazyMode,
  arch_leave_lazy_mmu_mode: leavesLazyMode,
  lazy_mmu_mode_disable: leavesLazyMode,
};

// Of this file, so that the engine knows what they are.
const RUN = bits.PTE_CONT;
const KERNEL_PAGE = bits.PTE_VALID | bits.PTE_UXN;
const ANY_PAGE = KERNEL_PAGE | bits.PTE_USER;

/** An entry of a run may be one of several that change. */
const setsFoldedPte = storesEntry(
  (k, at, pte) => typeof pte === 'number' && (pte & RUN) === 0 && setPte(k, at, pte),
  (writer, at, pte) => {
    const { code, call } = writer;
    code.get(pte).i64(hardware(RUN)).op('i64.and', 'i64.eqz');
    code.if(undefined, () => writeSetPte(writer, at, pte), call);
  },
);

/** `(mm, addr, ptep, pte, nr)`: entries for frames one behind the other. */
function setsPtes(machine: Machine): InPlace {
  const unit = frameUnit(machine);
  return {
    shortcut: (k: Kernel, at: Ptr, pte: Descriptor, nr: number) => {
      if (nr === 1) return setPte(k, at, pte);
      const isPlain = typeof pte === 'number' && pte >= 0 && pte + nr * unit < Number.MAX_SAFE_INTEGER;
      if (!isPlain || k.trace.isWatched === true) return false;
      for (let i = 0; i < nr; i++) {
        if (!setPte(k, at + i * 8, pte + i * unit)) {
          if (i === 0) return false;
          k.__set_pte(at + i * 8, pte + i * unit);
        }
      }
      return nr > 0;
    },
    print: ([mm, addr, at, pte, nr], { call, shortcut }) => ({
      value: `(${shortcut(at!, pte!, nr!)} || ${call(mm!, addr!, at!, pte!, nr!)})`,
    }),
    hot: (writer) => {
      const [, , at, pte, nr] = writer.args;
      writer.code.get(nr!).i32(1).op('i32.eq');
      writer.code.if(undefined, () => writeSetPte(writer, at!, pte!), writer.call);
    },
  };
}

function setPte(k: Kernel, at: Ptr, pte: Descriptor): boolean {
  // What it goes on from was published: barriers wait for the end of lazy MMU mode already, or nothing would go on behind them.
  if (k.mem.entries.streak.takes(k.cpu, at, pte)) return true;
  if (typeof pte !== 'number' || !storesAlone(k, at, pte)) return false;
  // As pte_valid_not_user() asks.
  if ((pte & ANY_PAGE) === KERNEL_PAGE) publishEntry(k);
  return true;
}

/** setPte() for hot code. */
function writeSetPte({ code, helpers, call }: HotFormWriter, at: number, pte: number): void {
  code.get(at).get(pte);
  helpers.storeNext(code);
  code.op('i32.eqz').if(undefined, () => {
    code.get(at).get(pte);
    helpers.storeAgain(code);
    code.if(
      undefined,
      () => {
        code.get(pte).i64(hardware(ANY_PAGE)).op('i64.and').i64(hardware(KERNEL_PAGE)).op('i64.eq');
        code.if(undefined, () => writePublish(code, helpers));
      },
      call,
    );
  });
}
