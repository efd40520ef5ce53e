// SPDX-License-Identifier: GPL-2.0-only
/** Memory and strings. */
export const header = (): string => `
void *memset(void *s, int c, size_t n);
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memzero_explicit(void *s, size_t n);
void *memchr_inv(const void *start, int c, size_t bytes);
size_t strlen(const char *s);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int scnprintf(char *buf, size_t size, const char *fmt, ...);
int sprintf(char *buf, const char *fmt, ...);
char *kasprintf(gfp_t gfp, const char *fmt, ...);
int strcmp(const char *a, const char *b);
#define memset64(s, value, count) __memset64(s, value, count)
__unmodelled void *__memset64(u64 *s, u64 value, size_t count);
`;
