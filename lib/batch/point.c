/* SPDX-License-Identifier: MIT */
#include "batch/point.h"

void dbi_point(const char *name)
{
	(void)name;
}
