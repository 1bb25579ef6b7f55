/* SPDX-License-Identifier: MIT */
#include "gather/limit.h"

#include <string.h>
#include "util/limits.h"
#include "util/number.h"

/* A whole number, for sizes with kB or MB behind it (1000s). */
static bool parse(const char *text, bool size, size_t *out)
{
	size_t digits = strspn(text, "0123456789"), unit = 1;
	int64_t n;
	if (!dbi_parse_int(text, digits, &n) || n < 1 || n > INT32_MAX)
		return false;
	if (size && strcmp(text + digits, "kB") == 0)
		unit = 1000;
	else if (size && strcmp(text + digits, "MB") == 0)
		unit = 1000000;
	else if (text[digits])
		return false;
	*out = (size_t)n * unit;
	return true;
}

static int read_one(const struct dbi_form *f, const dbi_xml_node *n, const char *attr, bool size, size_t max, size_t *out)
{
	const char *text = NULL;
	int rc = dbi_form_attr(f, n, attr, &text);
	*out = max;
	if (rc != DBRIEF_OK || !text)
		return rc;
	if (!parse(text, size, out))
		return dbi_form_error(f, n, "%s is no number of 1 or more%s; correct it", attr, size ? ", perhaps with kB or MB" : "");
	if (*out > max)
		return dbi_form_error(f, n, "%s is above what this build allows, %zu; lower it", attr, max);
	return DBRIEF_OK;
}

int dbi_limits_read(const struct dbi_form *f, const dbi_xml_node *root, struct dbi_gather_limits *limits)
{
	const dbi_xml_node *n = dbi_node_child(root, "limits");
	size_t pages = DBI_MAX_PAGES;
	int rc = DBRIEF_OK;
	*limits = (struct dbi_gather_limits){ DBI_MAX_RECORDS, DBI_MAX_MODEL_BYTES, DBI_MAX_VALUE, DBI_MAX_PAGES };
	if (!n)
		return rc;
	rc = dbi_form_attrs(f, n, "records bytes value pages");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(f, n, "");
	if (rc == DBRIEF_OK)
		rc = read_one(f, n, "records", false, DBI_MAX_RECORDS, &limits->records);
	if (rc == DBRIEF_OK)
		rc = read_one(f, n, "bytes", true, DBI_MAX_MODEL_BYTES, &limits->bytes);
	if (rc == DBRIEF_OK)
		rc = read_one(f, n, "value", true, DBI_MAX_VALUE, &limits->value);
	if (rc == DBRIEF_OK)
		rc = read_one(f, n, "pages", false, DBI_MAX_PAGES, &pages);
	limits->pages = (unsigned)pages;
	return rc;
}
