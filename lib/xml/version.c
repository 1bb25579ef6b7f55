/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <libxml/parser.h>
#include "xml/xmlio.h"

void dbi_xml_library_version(char *out, size_t size)
{
	/* "20914", or "20914-GITv2.9.14" */
	long v = strtol(xmlParserVersion, NULL, 10);

	(void)snprintf(out, size, "libxml2 %ld.%ld.%ld", v / 10000, v / 100 % 100, v % 100);
}
