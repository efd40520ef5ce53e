// SPDX-License-Identifier: GPL-2.0-only
/** Assertions. A WARN that is said once per boot in a kernel is said every time here. */
export const header = (): string => `
int __warn_on(int condition, const char *text);
void __bug_on(int condition, const char *text);
#define WARN_ON(condition) __warn_on(!!(condition), #condition)
#define WARN(condition, format, ...) __warn_on(!!(condition), #condition ", " format)
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN(condition, __VA_ARGS__)
#define WARN_TAINT(condition, taint, ...) WARN(condition, __VA_ARGS__)
#define WARN_ON_SMP(condition) WARN_ON(condition)
#define WARN_RATELIMIT(condition, ...) WARN(condition, __VA_ARGS__)
#define BUG() __bug_on(1, "BUG()")
#define panic(format, ...) __bug_on(1, "panic: " format)
#define BUG_ON(condition) __bug_on(!!(condition), #condition)
#define CHECK_DATA_CORRUPTION(condition, ...) WARN_ON(condition)
#define VM_BUG_ON(condition) BUG_ON(condition)
#define VM_BUG_ON_PAGE(condition, page) BUG_ON(condition)
#define VM_BUG_ON_FOLIO(condition, folio) BUG_ON(condition)
#define VM_BUG_ON_VMA(condition, vma) BUG_ON(condition)
#define VM_BUG_ON_MM(condition, mm) BUG_ON(condition)
#define VM_WARN_ON(condition) WARN_ON(condition)
#define VM_WARN_ON_ONCE(condition) WARN_ON(condition)
#define VM_WARN_ON_PAGE(condition, page) WARN_ON(condition)
#define VM_WARN_ON_ONCE_PAGE(condition, page) WARN_ON(condition)
#define VM_WARN_ON_FOLIO(condition, folio) WARN_ON(condition)
#define VM_WARN_ON_ONCE_FOLIO(condition, folio) WARN_ON(condition)
#define WARN_ON_ONCE_GFP(condition, gfp) WARN_ON((condition) && !((gfp) & __GFP_NOWARN))
#define VM_WARN_ONCE(condition, ...) WARN(condition, __VA_ARGS__)
#define VM_WARN(condition, ...) WARN(condition, __VA_ARGS__)
#define VIRTUAL_BUG_ON(condition) do { } while (0)
`;
