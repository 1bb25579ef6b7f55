/* SPDX-License-Identifier: MIT */
/* <attest>: who answers, and why, for a rule that only a person can judge. */
#include <string.h>
#include "api/config.h"
#include "util/number.h"
#include "xml/form.h"

#define RULES 32

/* "L01" to "L32". */
static bool is_rule(const char *s)
{
	int n;

	if (s[0] != 'L' || s[1] < '0' || s[1] > '9' || s[2] < '0' || s[2] > '9' || s[3])
		return false;
	n = (s[1] - '0') * 10 + s[2] - '0';
	return n >= 1 && n <= RULES;
}

static int read_attest(const struct dbi_form *f, const dbi_xml_node *n, struct dbi_attest *a)
{
	struct dbi_date date;
	int rc = dbi_form_attrs(f, n, "rule! by! on! for");

	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "rule", &a->rule);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "by", &a->by);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "on", &a->on);
	if (rc == DBRIEF_OK)
		rc = dbi_form_attr(f, n, "for", &a->subject);
	if (rc == DBRIEF_OK)
		rc = dbi_form_text(f, n, true, true, &a->reason);
	if (rc != DBRIEF_OK)
		return rc;
	if (!is_rule(a->rule))
		return dbi_form_error(f, n, "there is no rule '%.20s'; the rules are L01 to L32", a->rule);
	if (!dbi_date_parse(a->on, strlen(a->on), &date))
		return dbi_form_error(f, n, "on is no day of the calendar; write it as YYYY-MM-DD");
	a->place = dbi_form_place(f, n);
	return a->place ? DBRIEF_OK : dbi_form_memory(f);
}

int dbi_attests_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err)
{
	struct dbi_form f = { config->doc, "urn:datenbrief:config:1", &config->arena, err };
	const dbi_xml_node *n;
	size_t count = 0;
	int rc = DBRIEF_OK;

	for (n = dbi_node_child(root, "attest"); n; n = dbi_node_sibling(n, "attest"))
		count++;
	config->attests = dbi_arena_calloc(&config->arena, count + 1, sizeof(*config->attests));
	if (!config->attests)
		return dbi_form_memory(&f);
	for (n = dbi_node_child(root, "attest"); n && rc == DBRIEF_OK; n = dbi_node_sibling(n, "attest"))
		rc = read_attest(&f, n, &config->attests[config->n_attests++]);
	return rc;
}
