// SPDX-License-Identifier: GPL-2.0-only
/** Bits: masks, searches, logarithms and bitmaps. */
export const header = (): string => `
#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define BIT_U8(nr) ((u8)BIT(nr))
#define BIT_U16(nr) ((u16)BIT(nr))
#define BIT_U32(nr) ((u32)BIT(nr))
#define BIT_U64(nr) ((u64)BIT_ULL(nr))
#define GENMASK_U8(high, low) ((u8)GENMASK(high, low))
#define GENMASK_U16(high, low) ((u16)GENMASK(high, low))
#define GENMASK_U32(high, low) ((u32)GENMASK(high, low))
#define GENMASK_U64(high, low) ((u64)GENMASK_ULL(high, low))
#define FIELD_GET(mask, value) (((value) & (mask)) >> __builtin_ctzll(mask))
#define FIELD_PREP(mask, value) (((typeof(mask))(value) << __builtin_ctzll(mask)) & (mask))
#define BIT_MASK(nr) (1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr) ((nr) / BITS_PER_LONG)
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))
#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(bits) (~0UL >> (-(bits) & (BITS_PER_LONG - 1)))
unsigned long __ffs(unsigned long word);
unsigned long __fls(unsigned long word);
unsigned long ffz(unsigned long word);
int ffs(int x);
int fls(unsigned int x);
int fls64(u64 x);
unsigned int fls_long(unsigned long x);
unsigned long __ffs64(u64 x);
unsigned int hweight8(unsigned int w);
unsigned int hweight16(unsigned int w);
unsigned int hweight32(unsigned int w);
unsigned long hweight64(u64 w);
unsigned long hweight_long(unsigned long w);
int __ilog2_u64(u64 n);
unsigned long __roundup_pow_of_two(unsigned long n);
unsigned long __rounddown_pow_of_two(unsigned long n);
bool is_power_of_2(unsigned long n);
int get_order(unsigned long size);
int get_count_order(unsigned int count);
int get_count_order_long(unsigned long l);
/* Constants must stay constants: they give array sizes. */
#define const_ilog2(n) (63 - __builtin_clzl(n))
#define ilog2(n) (__builtin_constant_p(n) ? const_ilog2(n) : __ilog2_u64(n))
#define order_base_2(n) ((n) > 1 ? ilog2((n) - 1) + 1 : 0)
#define roundup_pow_of_two(n) \\
	(__builtin_constant_p(n) ? ((n) == 1 ? 1UL : 2UL << const_ilog2((n) - 1)) : __roundup_pow_of_two(n))
#define rounddown_pow_of_two(n) (__builtin_constant_p(n) ? 1UL << const_ilog2(n) : __rounddown_pow_of_two(n))
void set_bit(long nr, unsigned long *addr);
void clear_bit(long nr, unsigned long *addr);
void change_bit(long nr, unsigned long *addr);
bool test_bit(long nr, const unsigned long *addr);
bool test_and_set_bit(long nr, unsigned long *addr);
bool test_and_clear_bit(long nr, unsigned long *addr);
#define __set_bit(nr, addr) set_bit(nr, addr)
#define __clear_bit(nr, addr) clear_bit(nr, addr)
#define __change_bit(nr, addr) change_bit(nr, addr)
#define __test_and_set_bit(nr, addr) test_and_set_bit(nr, addr)
#define __test_and_clear_bit(nr, addr) test_and_clear_bit(nr, addr)
#define assign_bit(nr, addr, value) ((value) ? set_bit(nr, addr) : clear_bit(nr, addr))
#define __assign_bit(nr, addr, value) assign_bit(nr, addr, value)
#define test_and_set_bit_lock(nr, addr) test_and_set_bit(nr, addr)
#define test_and_clear_bit_lock(nr, addr) test_and_clear_bit(nr, addr)
#define clear_bit_unlock(nr, addr) clear_bit(nr, addr)
#define __clear_bit_unlock(nr, addr) clear_bit(nr, addr)
#define test_bit_acquire(nr, addr) test_bit(nr, addr)
void bitmap_zero(unsigned long *dst, unsigned int nbits);
void bitmap_fill(unsigned long *dst, unsigned int nbits);
void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits);
bool bitmap_empty(const unsigned long *src, unsigned int nbits);
bool bitmap_full(const unsigned long *src, unsigned int nbits);
unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits);
unsigned long find_first_bit(const unsigned long *addr, unsigned long size);
unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset);
unsigned long find_first_zero_bit(const unsigned long *addr, unsigned long size);
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size, unsigned long offset);
unsigned long find_last_bit(const unsigned long *addr, unsigned long size);
#define for_each_set_bit(bit, addr, size) \\
	for ((bit) = find_first_bit(addr, size); (bit) < (size); (bit) = find_next_bit(addr, size, (bit) + 1))
#define for_each_clear_bit(bit, addr, size) \\
	for ((bit) = find_first_zero_bit(addr, size); (bit) < (size); \\
	     (bit) = find_next_zero_bit(addr, size, (bit) + 1))
#define for_each_set_bitrange(begin, end, addr, size) \\
	for ((end) = 0; (begin) = find_next_bit(addr, size, end), \\
	     (end) = find_next_zero_bit(addr, size, (begin) + 1), (begin) < (size);)
`;
