/* SPDX-License-Identifier: MIT */
/* The versions in use: ours and, by way of each door, those of the libraries behind it. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <datenbrief/connector.h>
#include <datenbrief/version.h>
#include "pdf/pdf.h"
#include "text/shape.h"
#include "util/hash.h"
#include "util/norm.h"
#include "xml/xmlio.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char details[768];

static void haru_version(char *out, size_t size)
{
	(void)snprintf(out, size, "libharu %s", dbi_pdf_library_version());
}

static void connector_versions(char *out, size_t size)
{
	const struct dbrief_connector_type *const *types = dbrief_builtin_connectors();
	size_t len = 0;

	for (; *types; types++)
		if ((*types)->version && len < size)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "", (*types)->version());
}

static void build_details(void)
{
	static void (*const parts[])(char *out, size_t size) = {
		haru_version, dbi_pdf_helper_versions, dbi_xml_library_version, dbi_icu_version, dbi_harfbuzz_version,
		dbi_fontconfig_version, dbi_sodium_version, connector_versions,
	};
	size_t len = (size_t)snprintf(details, sizeof(details), "libdatenbrief %s", DBRIEF_VERSION_STRING);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char part[160] = "";

		parts[i](part, sizeof(part));
		if (!part[0] || len + strlen(part) + 3 > sizeof(details))
			continue;
		len += (size_t)snprintf(details + len, sizeof(details) - len, ", %s", part);
	}
}

const char *dbrief_version(void)
{
	return DBRIEF_VERSION_STRING;
}

const char *dbrief_version_details(void)
{
	(void)pthread_once(&once, build_details);
	return details;
}
