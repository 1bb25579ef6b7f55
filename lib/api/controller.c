/* SPDX-License-Identifier: MIT */
/* Controller, data protection officer and authority of the configuration, put into a model. */
#include "api/config.h"

#include <string.h>
#include "xml/form.h"

struct joining {
	dbi_format *format;
	const char *lang;
	struct dbi_buf text, line;
	struct dbrief_error *err;
};

/* In the order of the model. */
static const char *const parts[] = { "name", "line", "country", "represented-by", "phone", "email", "web",
    "registration", "vat-id" };

static int join_text(struct joining *j, dbi_xml_node *parent, const char *name, const char *text)
{
	bool country = strcmp(name, "country") == 0;
	struct dbi_buf *content = &j->line;
	dbi_xml_node *n;
	dbi_buf_clear(&j->line);
	dbi_buf_clear(&j->text);
	dbi_form_collapse(&j->line, text ? text : "");
	if (j->line.len == 0)
		return j->line.failed ? dbi_error_memory(j->err) : DBRIEF_OK;
	if (country) {
		int rc = dbi_format_country(j->format, j->lang, j->line.data, &j->text, j->err);
		if (rc != DBRIEF_OK)
			return rc;
		content = &j->text;
	}
	n = dbi_node_add(parent, name);
	if (!n || content->failed || (country && !dbi_node_set(n, "code", j->line.data))
	    || !dbi_node_add_text(n, content->data ? content->data : "", content->len))
		return dbi_error_memory(j->err);
	return DBRIEF_OK;
}

static int join_office(struct joining *j, dbi_xml_node *to, const dbi_xml_node *from)
{
	int rc = DBRIEF_OK;
	for (size_t i = 0; rc == DBRIEF_OK && i < sizeof parts / sizeof *parts; i++)
		for (const dbi_xml_node *n = dbi_node_child(from, parts[i]); rc == DBRIEF_OK && n;
		    n = dbi_node_sibling(n, parts[i]))
			rc = join_text(j, to, parts[i], dbi_node_text(n));
	return rc;
}

int dbi_config_join_controller(const struct dbi_config *config, dbi_xml_doc *model, dbi_format *format,
    struct dbrief_error *err)
{
	static const char *const inner[] = { "dpo", "authority" };
	const dbi_xml_node *from = dbi_xml_root(config->doc);
	dbi_xml_node *root = dbi_xml_root(model), *controller = dbi_node_child(root, "controller");
	const char *lang = dbi_node_attr(root, "lang");
	struct joining j = { format, lang ? lang : config->lang, DBI_BUF_INIT, DBI_BUF_INIT, err };
	int rc;
	if (!controller)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_STATE, "",
		    "the model has no place for the controller; build it first");
	rc = join_office(&j, controller, dbi_node_child(from, "controller"));
	for (size_t i = 0; rc == DBRIEF_OK && i < 2; i++) {
		const dbi_xml_node *office = dbi_node_child(from, inner[i]);
		dbi_xml_node *n = office ? dbi_node_add(controller, inner[i]) : NULL;
		if (office)
			rc = n ? join_office(&j, n, office) : dbi_error_memory(err);
	}
	dbi_buf_dispose(&j.text);
	dbi_buf_dispose(&j.line);
	return rc;
}
