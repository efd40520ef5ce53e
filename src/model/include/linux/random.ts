// SPDX-License-Identifier: GPL-2.0-only
/** Random numbers: the same ones in the same order after every boot. */
export const header = (): string => `
u8 get_random_u8(void);
u16 get_random_u16(void);
u32 get_random_u32(void);
u64 get_random_u64(void);
void get_random_bytes(void *buf, size_t len);
u32 get_random_u32_below(u32 ceiling);
u32 get_random_u32_inclusive(u32 floor, u32 ceiling);
#define prandom_u32_max(ceiling) get_random_u32_below(ceiling)
`;
