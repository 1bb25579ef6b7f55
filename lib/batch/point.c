/* SPDX-License-Identifier: MIT */
#include "batch/point.h"

void dbi_point(const char *name)
{
	(void)name;
}

void dbi_point_chunk(const char *name, uint32_t chunk)
{
	(void)name;
	(void)chunk;
}

void dbi_point_letter(uint32_t chunk, unsigned offset)
{
	(void)chunk;
	(void)offset;
}

int dbi_point_sync(int usual)
{
	return usual;
}
