// SPDX-License-Identifier: GPL-2.0-only
const errors: Readonly<Record<string, number>> = {
  ...{
    EPERM: 1,
    ENOENT: 2,
    EINTR: 4,
    EIO: 5,
    ENXIO: 6,
    E2BIG: 7,
    ENOEXEC: 8,
    EBADF: 9,
    EAGAIN: 11,
    ENOMEM: 12,
  },
  ...{ EACCES: 13, EFAULT: 14, EBUSY: 16, EEXIST: 17, ENODEV: 19, EINVAL: 22, ENOSPC: 28, ERANGE: 34 },
  ...{
    EDEADLK: 35,
    ENAMETOOLONG: 36,
    ENOSYS: 38,
    ENODATA: 61,
    EOVERFLOW: 75,
    EOPNOTSUPP: 95,
    ETIMEDOUT: 110,
  },
};

/** Error numbers, and pointers that carry one. */
export const header = (): string => `
${Object.entries(errors)
  .map(([name, value]) => `#define ${name} ${value}`)
  .join('\n')}
#define EWOULDBLOCK EAGAIN
#define MAX_ERRNO 4095
#define IS_ERR_VALUE(x) ((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)
void *ERR_PTR(long error);
long PTR_ERR(const void *ptr);
bool IS_ERR(const void *ptr);
bool IS_ERR_OR_NULL(const void *ptr);
void *ERR_CAST(const void *ptr);
int PTR_ERR_OR_ZERO(const void *ptr);
`;
