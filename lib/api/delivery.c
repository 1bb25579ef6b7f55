/* SPDX-License-Identifier: MIT */
/* How letters are delivered: <output> of the configuration, and what a call says over it. */
#include <string.h>
#include "api/api.h"
#include "xml/form.h"

#define CONTRADICTION "the profile hybrid allows no marks for an inserter; "

int dbi_output_read(struct dbi_config *config, const dbi_xml_node *root, struct dbrief_error *err)
{
	static const char *const said[] = { "form", "marks", "profile", "duplex", "inserter" };
	struct dbi_form f = { config->doc, "urn:datenbrief:config:1", &config->arena, err };
	const dbi_xml_node *n = dbi_node_child(root, "output");
	struct dbi_delivery *d = &config->delivery;
	int rc;

	*d = (struct dbi_delivery)DBI_DELIVERY_INIT;
	if (!n)
		return DBRIEF_OK;
	rc = dbi_form_attrs(&f, n, "form marks profile duplex inserter");
	if (rc == DBRIEF_OK)
		rc = dbi_form_children(&f, n, "");
	for (size_t i = 0; rc == DBRIEF_OK && i < sizeof(said) / sizeof(*said); i++) {
		const char *value = dbi_node_attr(n, said[i]), *wanted = value ? dbi_delivery_set(d, said[i], value) : NULL;

		if (wanted || (i == 0 && value && strcmp(value, "report") == 0))
			rc = dbi_form_error(&f, n, "%s of <output> must be %s", said[i],
			    i ? wanted : "din5008-b, din5008-a, swiss or austria");
	}
	if (rc == DBRIEF_OK && dbi_delivery_contradicts(d))
		rc = dbi_form_error(&f, n, CONTRADICTION "remove inserter or profile");
	return rc;
}

int dbi_engine_set_delivery(dbrief_engine *e, const struct dbrief_engine_opts *o, struct dbrief_error *err)
{
	const struct { const char *name, *value; } said[] = { { "form", o->form }, { "marks", o->marks }, { "profile", o->profile },
		{ "duplex", o->duplex }, { "inserter", o->inserter } };
	struct dbi_delivery d = DBI_DELIVERY_INIT;

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		const char *wanted = said[i].value ? dbi_delivery_set(&d, said[i].name, said[i].value) : NULL;

		if (wanted)
			return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "the option %s must be %s", said[i].name, wanted);
	}
	if (dbi_delivery_contradicts(&d))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", CONTRADICTION "leave out the option inserter or profile");
	if (e->config)
		e->delivery = e->config->delivery;
	else
		e->delivery = (struct dbi_delivery)DBI_DELIVERY_INIT;
	dbi_delivery_over(&e->delivery, &d);
	return dbi_engine_load_house(e, o->house_style, err);
}
