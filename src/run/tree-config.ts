// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import { architectureKconfig } from './source.ts';

const variants = new WeakMap<Machine, Map<string, Machine>>();

/**
 * The machine as a tree can be configured for it. A yes-or-no option of the architecture's own (`CONFIG_ARM64_…`) that the
 * architecture's Kconfig does not declare is not set: the tree is older than it, or has dropped it. The same goes for
 * abilities (`CONFIG_HAVE_ARCH_…`) that it does not select: nothing else can set them. A tree without that file is taken
 * to know them all. The same options give the same object.
 */
export function machineForTree(machine: Machine, read: (path: string) => string | undefined): Machine {
  const kconfig = read(architectureKconfig(machine));
  if (kconfig === undefined) return machine;
  const declared = namesAfter(/^[ \t]*(?:menu)?config[ \t]+(\w+)/gm, kconfig);
  const selected = namesAfter(/^[ \t]*select[ \t]+(\w+)/gm, kconfig);
  const own = `CONFIG_${machine.arch.toUpperCase()}_`;
  const unknown = Object.keys(machine.config).filter((name) => {
    if (machine.config[name] !== true) return false;
    if (name.startsWith('CONFIG_HAVE_ARCH_')) return !selected.has(name);
    return name.startsWith(own) && !declared.has(name);
  });
  return unknown.length === 0 ? machine : without(machine, unknown);
}

function namesAfter(pattern: RegExp, kconfig: string): ReadonlySet<string> {
  return new Set([...kconfig.matchAll(pattern)].map(([, name]) => `CONFIG_${name}`));
}

function without(machine: Machine, options: readonly string[]): Machine {
  const known = variants.get(machine) ?? new Map<string, Machine>();
  variants.set(machine, known);
  const key = options.join();
  const config = Object.entries(machine.config).filter(([name]) => !options.includes(name));
  const variant = known.get(key) ?? withConfig(machine, Object.fromEntries(config));
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
