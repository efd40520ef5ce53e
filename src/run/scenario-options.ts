// SPDX-License-Identifier: GPL-2.0-only
import { linearLeaves, type LinearLeaves, type LinearMapOperation } from './linear-operations.ts';
import {
  addressesOfSpace,
  deviceMemories,
  protections,
  refusedStarts,
  type AddressLimits,
  type DeviceMemory,
  type InSpaceOperation,
  type Protection,
  type RefusedStart,
} from './scenario.ts';
import type { HugeAccessOperation, HugeSetOperation } from './huge-operations.ts';
import { frameEnds, type MapPfnOperation, type PercpuOperation } from './reader-operations.ts';
import { USUAL_GFP, USUAL_PROTECTION, usualFlags } from './scenario-text.ts';
import { ScenarioError, type Words } from './scenario-words.ts';

// What calls of a scenario take by name (`prot=ro`), each with what is meant where it is not said.

export function protectionOf(words: Words): Protection {
  const text = words.option('prot') ?? USUAL_PROTECTION;
  const found = protections.find((each) => each === text);
  if (found === undefined) throw new ScenarioError(`\`prot=${text}\` is none of ${protections.join(', ')}`);
  return found;
}

export function hugeStateOf(words: Words): Pick<HugeSetOperation, 'noted' | 'fresh' | 'marker' | 'process'> {
  const noted = words.option('noted');
  const entry = words.option('entry');
  const mm = words.option('mm');
  if (mm !== undefined && mm !== 'process') throw new ScenarioError(`\`mm=${mm}\` is not \`process\``);
  if (noted !== undefined && !/^\d{1,9}$/.test(noted))
    throw new ScenarioError(`\`noted=${noted}\` is not the number of a page`);
  if (entry !== undefined && entry !== 'marker' && entry !== 'fresh')
    throw new ScenarioError(`\`entry=${entry}\` is none of marker, fresh`);
  return {
    ...(noted !== undefined && { noted: Number(noted) }),
    ...(entry !== undefined && { [entry]: true }),
    ...(mm !== undefined && { process: true }),
  };
}

export function accessOf(words: Words): Pick<HugeAccessOperation, 'read'> {
  const text = words.option('access');
  if (text !== undefined && text !== 'read') throw new ScenarioError(`\`access=${text}\` is not \`read\``);
  return text === undefined ? {} : { read: true };
}

/** From where on nothing may be shown. */
export function refusedStartOf(words: Words): { readonly from?: RefusedStart } {
  const text = words.option('from');
  if (text === undefined) return {};
  const from = refusedStarts.find((each) => each === text);
  if (from === undefined) throw new ScenarioError(`\`from=${text}\` is none of ${refusedStarts.join(', ')}`);
  return { from };
}

export function enabledOf(words: Words): boolean {
  const text = words.option('enable');
  if (text !== '0' && text !== '1')
    throw new ScenarioError(`\`${words.call}\` takes \`enable=0\` or \`enable=1\``);
  return text === '1';
}

export function leavesOf(words: Words): LinearLeaves {
  const text = words.option('leaves') ?? 'any';
  const found = linearLeaves.find((each) => each === text);
  if (found === undefined)
    throw new ScenarioError(`\`leaves=${text}\` is none of ${linearLeaves.join(', ')}`);
  return found;
}

/** For calls that know no blocks without runs. */
export function wholeLeavesOf(words: Words): LinearMapOperation['leaves'] {
  const leaves = leavesOf(words);
  if (leaves === 'blocks') throw new ScenarioError(`\`${words.call}\` does not take \`leaves=blocks\``);
  return leaves;
}

export function slotName(text: string): string {
  if (/^FIX_[A-Z0-9_]{1,60}$/.test(text)) return text;
  throw new ScenarioError(`\`${text}\` is not the name of a slot like \`FIX_TEXT_POKE0\``);
}

/** Far into vmalloc space, on every machine. */
const MOST_OF_A_LIMIT = 2 ** 24;

export function limitsOf(words: Words): AddressLimits {
  const limit = (name: 'from' | 'to'): AddressLimits => {
    const text = words.option(name);
    if (text === undefined) return {};
    if (!/^\d{1,8}$/.test(text) || Number(text) > MOST_OF_A_LIMIT)
      throw new ScenarioError(`\`${name}=${text}\` is not a number of pages up to ${MOST_OF_A_LIMIT}`);
    return { [name]: Number(text) };
  };
  return { ...limit('from'), ...limit('to') };
}

export function addressOf(words: Words): InSpaceOperation['address'] {
  const text = words.next('address');
  const found = addressesOfSpace.find((each) => each === text);
  if (found === undefined) throw new ScenarioError(`\`${text}\` is none of ${addressesOfSpace.join(', ')}`);
  return found;
}

export function maskOf(words: Words): string {
  const name = words.option('gfp') ?? USUAL_GFP;
  if (!/^_{0,2}GFP_[A-Z0-9_]+(\|_{0,2}GFP_[A-Z0-9_]+){0,8}$/.test(name))
    throw new ScenarioError(
      `\`gfp=${name}\` is not the name of a GFP_* mask, or several with | between them`,
    );
  return name;
}

/** The mask where it is not the usual one. */
export function otherMaskOf(words: Words): { readonly gfp?: string } {
  const gfp = maskOf(words);
  return gfp === USUAL_GFP ? {} : { gfp };
}

export function nodeOf(words: Words): { readonly node?: 0 } {
  const text = words.option('node');
  if (text !== undefined && text !== '0') throw new ScenarioError(`\`node=${text}\` is not 0, the only node`);
  return text === undefined ? {} : { node: 0 };
}

const MOST_AREAS_AT_ONCE = 64;

export function distancesOf(words: Words): Pick<PercpuOperation, 'apart' | 'count' | 'down'> {
  const number = (name: string, most: number): number => {
    const text = words.option(name) ?? '';
    if (!/^[1-9]\d{0,8}$/.test(text) || Number(text) > most)
      throw new ScenarioError(`\`${name}=${text}\` is not a number between 1 and ${most}`);
    return Number(text);
  };
  const order = words.option('order');
  if (order !== undefined && order !== 'down') throw new ScenarioError(`\`order=${order}\` is not \`down\``);
  const apart = number('apart', MOST_OF_A_LIMIT);
  return { apart, count: number('count', MOST_AREAS_AT_ONCE), ...(order !== undefined && { down: true }) };
}

export function flagsOf(words: Words, call: keyof typeof usualFlags): readonly string[] {
  const text = words.option('flags');
  if (text === undefined) return usualFlags[call];
  if (text === 'none') return [];
  const names = text.split('|');
  const wrong = names.find((name) => !/^VM_[A-Z_]+$/.test(name));
  if (wrong !== undefined) throw new ScenarioError(`\`${wrong}\` is not the name of a VM_* flag`);
  return names;
}

export function memoryOf(words: Words): DeviceMemory {
  const text = words.option('memory') ?? 'device';
  const found = deviceMemories.find((each) => each === text);
  if (found === undefined)
    throw new ScenarioError(`\`memory=${text}\` is none of ${deviceMemories.join(', ')}`);
  return found;
}

export function frameEndOf(words: Words): Pick<MapPfnOperation, 'memory'> {
  const text = words.option('memory') ?? 'device';
  if (text === 'device') return {};
  const memory = frameEnds.find((each) => each === text);
  if (memory === undefined)
    throw new ScenarioError(`\`memory=${text}\` is none of device, ${frameEnds.join(', ')}`);
  return { memory };
}
