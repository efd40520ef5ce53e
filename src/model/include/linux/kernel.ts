// SPDX-License-Identifier: GPL-2.0-only
/** Comparison, rounding and container macros; sizes; overflow checks. */
export const header = (): string => `
#define offsetof(type, member) __builtin_offsetof(type, member)
#define offsetofend(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define struct_group(name, ...) union { struct { __VA_ARGS__ }; struct { __VA_ARGS__ } name; }
#define struct_group_tagged(tag, name, ...) union { struct { __VA_ARGS__ }; struct tag { __VA_ARGS__ } name; }
#define typeof_member(type, member) typeof(((type *)0)->member)
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#define container_of_const(pointer, type, member) container_of(pointer, type, member)
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define __cmp_once(x, y, op, nx, ny) ({ typeof(x) nx = (x); typeof(y) ny = (y); nx op ny ? nx : ny; })
#define __cmp_unique(x, y, op, n) __cmp_once(x, y, op, __PASTE(__x_, n), __PASTE(__y_, n))
#define min(x, y) __cmp_unique(x, y, <, __COUNTER__)
#define max(x, y) __cmp_unique(x, y, >, __COUNTER__)
#define umin(x, y) min((u64)(x), (u64)(y))
#define umax(x, y) max((u64)(x), (u64)(y))
#define min_t(type, x, y) min((type)(x), (type)(y))
#define max_t(type, x, y) max((type)(x), (type)(y))
#define min3(x, y, z) min(min(x, y), z)
#define max3(x, y, z) max(max(x, y), z)
#define min_not_zero(x, y) \\
	({ typeof(x) __nz_x = (x); typeof(y) __nz_y = (y); \\
	   __nz_x == 0 ? __nz_y : __nz_y == 0 || __nz_x < __nz_y ? __nz_x : __nz_y; })
#define clamp(value, low, high) min(max(value, low), high)
#define clamp_t(type, value, low, high) min_t(type, max_t(type, value, low), high)
#define clamp_val(value, low, high) clamp_t(typeof(value), value, low, high)
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN_T(type, a, b) MIN((type)(a), (type)(b))
#define MAX_T(type, a, b) MAX((type)(a), (type)(b))
#define swap(a, b) do { typeof(a) __swapped = (a); (a) = (b); (b) = __swapped; } while (0)
#define abs(x) ({ typeof(x) __signed = (x); __signed < 0 ? -__signed : __signed; })
#define __align_mask(x, mask) (((x) + (mask)) & ~(mask))
#define ALIGN(x, a) __align_mask(x, (typeof(x))(a) - 1)
#define __ALIGN_KERNEL(x, a) ALIGN(x, a)
#define ALIGN_DOWN(x, a) ((x) & ~((typeof(x))(a) - 1))
#define PTR_ALIGN(p, a) ((typeof(p))ALIGN((unsigned long)(p), (a)))
#define PTR_ALIGN_DOWN(p, a) ((typeof(p))ALIGN_DOWN((unsigned long)(p), (a)))
#define IS_ALIGNED(x, a) (((x) & ((typeof(x))(a) - 1)) == 0)
#define round_up(x, power) ((((x) - 1) | ((typeof(x))(power) - 1)) + 1)
#define round_down(x, power) ((x) & ~((typeof(x))(power) - 1))
#define roundup(x, y) ({ typeof(y) __unit = (y); (((x) + (__unit - 1)) / __unit) * __unit; })
#define rounddown(x, y) ({ typeof(x) __value = (x); __value - (__value % (y)); })
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((u64)(n) / (d))
#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define wrapping_add(type, a, b) ((type)((type)(a) + (type)(b)))
#define wrapping_sub(type, a, b) ((type)((type)(a) - (type)(b)))
#define wrapping_mul(type, a, b) ((type)((type)(a) * (type)(b)))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define in_range(value, start, length) ((u64)(value) - (u64)(start) < (u64)(length))
#define check_add_overflow(a, b, result) __builtin_add_overflow(a, b, result)
#define check_sub_overflow(a, b, result) __builtin_sub_overflow(a, b, result)
#define check_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)
#define check_shl_overflow(value, shift, result) \\
	({ typeof(result) __shifted = (result); *__shifted = (shift) < 64 ? (u64)(value) << (shift) : 0; \\
	   (shift) >= 64 || (*__shifted >> (shift)) != (value); })
size_t size_mul(size_t a, size_t b);
size_t size_add(size_t a, size_t b);
#define array_size(a, b) size_mul(a, b)
#define array3_size(a, b, c) size_mul(size_mul(a, b), c)
/* Constant where the count is: arrays are declared with it. */
#define struct_size(p, member, count) __builtin_choose_expr(__builtin_constant_p(count), \\
	sizeof(*(p)) + sizeof(*(p)->member) * (count), size_add(sizeof(*(p)), size_mul(sizeof(*(p)->member), count)))
#define flex_array_size(p, member, count) __builtin_choose_expr(__builtin_constant_p(count), \\
	(count) * sizeof(*(p)->member), size_mul(count, sizeof(*(p)->member)))
#define SZ_1 0x1
#define SZ_2 0x2
#define SZ_4K 0x1000
#define SZ_8K 0x2000
#define SZ_16K 0x4000
#define SZ_32K 0x8000
#define SZ_64K 0x10000
#define SZ_128K 0x20000
#define SZ_256K 0x40000
#define SZ_512K 0x80000
#define SZ_1M 0x100000
#define SZ_2M 0x200000
#define SZ_4M 0x400000
#define SZ_8M 0x800000
#define SZ_16M 0x1000000
#define SZ_32M 0x2000000
#define SZ_64M 0x4000000
#define SZ_128M 0x8000000
#define SZ_256M 0x10000000
#define SZ_512M 0x20000000
#define SZ_1G 0x40000000
#define SZ_2G 0x80000000
#define SZ_4G 0x100000000ULL
#define HZ CONFIG_HZ
`;
