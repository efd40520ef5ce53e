// SPDX-License-Identifier: GPL-2.0-only

/** The errors that memory management returns, by number: the same on all architectures that there are machines for. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  5: 'EIO',
  7: 'E2BIG',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  28: 'ENOSPC',
  34: 'ERANGE',
  38: 'ENOSYS',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
};

/** `-ENOMEM`; of an error that has no name here, the number. @param error positive, or it is none */
export function errorText(error: number): string {
  return `-${NAMES[error] ?? error}`;
}
