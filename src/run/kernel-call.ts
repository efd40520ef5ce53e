// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor } from '../base/descriptor.ts';
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import { NotModelled } from '../model/kernel.ts';
import type { CType, Parameter } from '../translate/c-type.ts';
import { typeText } from '../translate/c-type.ts';
import type { LinkedKernel } from './link.ts';

/** What a caller has for the parameters of a kernel function, by the names that kernel versions give them. */
export type Arguments = Readonly<Record<string, U64>>;

/** Names under which some version of a kernel function takes the same thing. */
const synonyms: Readonly<Record<string, string>> = {
  start: 'addr',
  vaddr: 'addr',
  virt: 'addr',
  address: 'addr',
  ptr: 'addr',
  x: 'addr',
  p: 'addr',
  mem: 'addr',
  vmalloc_addr: 'addr',
  sz: 'size',
  nr_pages: 'count',
  npages: 'numpages',
  phys: 'phys_addr',
  paddr: 'phys_addr',
  gfp: 'gfp_mask',
  entry: 'pte',
  pgprot: 'prot',
  page_shift: 'shift',
  max_page_shift: 'shift',
};

/**
 * The arguments of a call in the order of the function's prototype in this tree. A parameter that the caller knows
 * nothing of makes the call "not modelled", by name.
 */
export function orderArguments(linked: LinkedKernel, name: string, values: Arguments): readonly U64[] {
  const prototype = linked.prototypeOf(name);
  if (prototype === undefined) throw new NotModelled(`\`${name}()\` does not exist here`);
  return prototype.parameters.map((parameter) => argumentFor(parameter, name, values));
}

function argumentFor(parameter: Parameter, callee: string, values: Arguments): U64 {
  const { name = '' } = parameter;
  const value = values[name] ?? values[synonyms[name] ?? ''];
  if (value !== undefined) return value;
  throw new NotModelled(
    `\`${callee}()\` takes \`${typeText(parameter.type, name)}\`, which no scenario knows`,
  );
}

/** A C result as the return event has it. */
export interface CallResult {
  readonly value: U64;
  /** 0 for success. */
  readonly error: number;
  /** Pointers that are neither NULL nor an error. */
  readonly pointer: Ptr | undefined;
}

const ENOMEM = 12;
const MAX_ERRNO = 4095;

/** Reads a result by its C type: negative integers, error pointers and NULL are failures. */
export function resultOf(type: CType | undefined, value: U64): CallResult {
  if (type?.kind === 'descriptor') return { value: bitsOfDescriptor(value), error: 0, pointer: undefined };
  if (typeof value !== 'number' || type === undefined || type.kind === 'void') {
    return { value: type?.kind === 'void' ? 0 : value, error: 0, pointer: undefined };
  }
  const isError = value < 0 && value >= -MAX_ERRNO;
  if (type.kind === 'pointer') {
    const error = value === 0 ? ENOMEM : isError ? -value : 0;
    return { value, error, pointer: error === 0 ? value : undefined };
  }
  const signed = type.kind === 'integer' && !type.unsigned;
  return { value, error: signed && isError ? -value : 0, pointer: undefined };
}
