/* SPDX-License-Identifier: MIT */
#include "config.h"
#include <stdio.h>
#include <hb.h>
#ifdef HAVE_FONTCONFIG
#include <fontconfig/fontconfig.h>
#endif
#include "text/shape.h"

void dbi_harfbuzz_version(char *out, size_t size)
{
	(void)snprintf(out, size, "HarfBuzz %s", hb_version_string());
}

void dbi_fontconfig_version(char *out, size_t size)
{
#ifdef HAVE_FONTCONFIG
	int v = FcGetVersion();

	(void)snprintf(out, size, "fontconfig %d.%d.%d", v / 10000, v / 100 % 100, v % 100);
#else
	(void)snprintf(out, size, "%s", "");
#endif
}
