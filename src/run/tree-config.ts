// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import { architectureKconfig, OPTIONS_HEADER } from './source.ts';

const variants = new WeakMap<Machine, Map<string, Machine>>();

/**
 * The machine as a tree can be configured for it. A yes-or-no option of the architecture's own (`CONFIG_ARM64_…`) that the
 * architecture's Kconfig does not declare is not set: the tree is older than it, or has dropped it. The same goes for
 * abilities (`CONFIG_HAVE_ARCH_…`) that it does not select: nothing else can set them. A tree without that file is taken
 * to know them all. Options that a series brings are set as it says. The same options give the same object.
 */
export function machineForTree(machine: Machine, read: (path: string) => string | undefined): Machine {
  const added = namesAfter(/^#define[ \t]+CONFIG_(\w+)[ \t]+1$/gm, read(OPTIONS_HEADER) ?? '');
  const dropped = optionsDropped(machine, read);
  if (added.size === 0 && dropped.length === 0) return machine;
  return variantOf(machine, dropped, [...added]);
}

function optionsDropped(machine: Machine, read: (path: string) => string | undefined): readonly string[] {
  const kconfig = read(architectureKconfig(machine));
  if (kconfig === undefined) return [];
  const declared = namesAfter(/^[ \t]*(?:menu)?config[ \t]+(\w+)/gm, kconfig);
  const selected = namesAfter(/^[ \t]*select[ \t]+(\w+)/gm, kconfig);
  const own = `CONFIG_${machine.arch.toUpperCase()}_`;
  return Object.keys(machine.config).filter((name) => {
    if (machine.config[name] !== true) return false;
    if (name.startsWith('CONFIG_HAVE_ARCH_')) return !selected.has(name);
    return name.startsWith(own) && !declared.has(name);
  });
}

function namesAfter(pattern: RegExp, kconfig: string): ReadonlySet<string> {
  return new Set([...kconfig.matchAll(pattern)].map(([, name]) => `CONFIG_${name}`));
}

function variantOf(machine: Machine, dropped: readonly string[], added: readonly string[]): Machine {
  const known = variants.get(machine) ?? new Map<string, Machine>();
  variants.set(machine, known);
  const key = `${dropped.join()} ${added.join()}`;
  const kept = Object.entries(machine.config).filter(([name]) => !dropped.includes(name));
  const config = { ...Object.fromEntries(kept), ...Object.fromEntries(added.map((name) => [name, true])) };
  const variant = known.get(key) ?? withConfig(machine, config);
  known.set(key, variant);
  return variant;
}

/** Properties are taken over as they are, without being read: a machine may note who asks what of it. */
function withConfig(machine: Machine, config: Machine['config']): Machine {
  const properties = {
    ...Object.getOwnPropertyDescriptors(machine),
    config: { value: config, enumerable: true },
  };
  return Object.create(Object.getPrototypeOf(machine) as object, properties) as Machine;
}
