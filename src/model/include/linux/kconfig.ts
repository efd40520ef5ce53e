// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';

/** The machine's Kconfig symbols as macros, and the ways to ask for them. */
export const header = (machine: Machine): string => `${configMacros(machine.config)}
#define __kconfig_if_1 0,
#define __kconfig_second(first, second, ...) second
#define __kconfig_pick(probe) __kconfig_second(probe 1, 0)
#define __kconfig_paste(value) __kconfig_pick(__kconfig_if_##value)
#define __is_defined(symbol) __kconfig_paste(symbol)
#define IS_BUILTIN(option) __is_defined(option)
#define IS_MODULE(option) 0
#define IS_REACHABLE(option) __is_defined(option)
#define IS_ENABLED(option) __is_defined(option)
`;

function configMacros(config: Machine['config']): string {
  return Object.entries(config)
    .filter(([, value]) => value !== false)
    .map(
      ([name, value]) =>
        `#define ${name} ${value === true ? 1 : typeof value === 'number' ? value : `"${value}"`}`,
    )
    .join('\n');
}
