// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../base/units.ts';
import type { Place, Protection } from './scenario.ts';

// Operations on huge entries (scenario.ts): what hugetlb and vmalloc() ask of an architecture.

/** Sets a huge entry as arch_make_huge_pte() makes it. */
export interface HugeSetOperation extends HugePlace {
  readonly call: 'set_huge_pte_at';
  readonly prot: Protection;
  /** Nothing has used the entry before; once it is set, hardware notes a write through this page of it. */
  readonly noted?: PageCount;
  /** Nothing has used the entry before, and nothing does now. */
  readonly fresh?: true;
  /** An entry that is not present, as migration leaves it, in the place of one that is. */
  readonly marker?: true;
  /** The tables are those of a process, here and in what is done with the entry later; absent for the kernel's. */
  readonly process?: true;
}

/** Works on what a set_huge_pte_at() at the same place has set. */
export interface HugeEntryOperation extends HugePlace {
  readonly call:
    | 'huge_ptep_get'
    | 'huge_ptep_set_wrprotect'
    | 'huge_ptep_get_and_clear'
    | 'huge_ptep_clear_flush'
    | 'huge_ptep_modify_prot_start'
    | 'huge_pte_clear';
}

/** Gives it the access bits and the permission of an entry of that protection that was written through. */
export interface HugeAccessOperation extends HugePlace {
  readonly call: 'huge_ptep_set_access_flags';
  readonly prot: Protection;
  /** It was only read through. */
  readonly read?: true;
}

/** Puts back what huge_ptep_modify_prot_start() has taken, with that protection. */
export interface HugeCommitOperation extends HugePlace {
  readonly call: 'huge_ptep_modify_prot_commit';
  readonly prot: Protection;
}

/** Makes the tables that an entry of the size needs. */
export interface HugeTableOperation extends HugePlace {
  readonly call: 'huge_pte_alloc';
}

interface HugePlace {
  readonly at: Place;
  readonly size: PageCount;
}

export interface HugeMakeOperation {
  readonly call: 'arch_make_huge_pte';
  readonly size: PageCount;
  readonly prot: Protection;
}

/** Asks whether hugetlb may use the size, or how far the last page of the size below one table lies behind the first. */
export interface HugeSizeOperation {
  readonly call: 'arch_hugetlb_valid_size' | 'hugetlb_mask_last_page';
  readonly size: PageCount;
}

export type HugeOperation =
  | HugeSetOperation
  | HugeEntryOperation
  | HugeAccessOperation
  | HugeCommitOperation
  | HugeTableOperation
  | HugeMakeOperation
  | HugeSizeOperation;
