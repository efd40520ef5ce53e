// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times vmap_pages_range() of the walkers: main START PAGES PAGE_SHIFT FIRST_FRAME ROUNDS prints the least nanoseconds
 * of a round, after every page was looked up once. Page tables are there when time is taken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int map_pages(unsigned long addr, unsigned long end, void **pages, unsigned int page_shift);
void unmap_pages(unsigned long addr, unsigned long end);
unsigned long mapped_frame(unsigned long addr);
void *page_of_frame(unsigned long pfn);

#define PAGE_BYTES 4096ul

unsigned long warnings, flushes, barriers;
static void **pages;

void *host_table(void)
{
	void *table = aligned_alloc(PAGE_BYTES, PAGE_BYTES);

	if (table == NULL)
		abort();
	return memset(table, 0, PAGE_BYTES);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int argc, char **argv)
{
	unsigned long start, count, shift, first, step, rounds, end, i;
	double least = 1e18;

	if (argc != 7)
		return 2;
	start = strtoul(argv[1], NULL, 0);
	count = strtoul(argv[2], NULL, 0);
	shift = strtoul(argv[3], NULL, 0);
	first = strtoul(argv[4], NULL, 0);
	step = strtoul(argv[5], NULL, 0);
	rounds = strtoul(argv[6], NULL, 0);
	end = start + count * PAGE_BYTES;
	pages = malloc(count * sizeof(*pages));
	if (pages == NULL)
		return 3;
	for (i = 0; i < count; i++)
		pages[i] = page_of_frame(first + i * step);

	for (i = 0; i < rounds; i++) {
		double began = now(), took;

		if (map_pages(start, end, pages, shift) != 0)
			return 4;
		took = now() - began;
		if (i > 0 && took < least)
			least = took;
		for (unsigned long page = 0; i == 0 && page < count; page++)
			if (mapped_frame(start + page * PAGE_BYTES) != first + page * step)
				return 5;
		unmap_pages(start, end);
		if (mapped_frame(start) != 0 || warnings != 0)
			return 6;
	}
	printf("%.0f\n", least);
	return 0;
}
