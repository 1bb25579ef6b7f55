/* SPDX-License-Identifier: MIT */
/* The templates of a configuration: each loads, has sensible conditions, and somebody always gets a letter. */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"

static const struct dbi_lint_rule of_template = { "template", "", NULL, 0 };

/* Files that stand in the configuration twice are read twice: two conditions may lead to one letter. */
void dbi_lint_template_load(struct dbi_lint *l, size_t n)
{
	const struct dbi_template_decl *decl = &l->config->templates[n];
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	char place[512];

	l->rule = &of_template;
	l->decl = decl;
	l->lang = l->config->lang;
	l->path_errors = 0;
	(void)snprintf(place, sizeof(place), "%s:1:1", decl->path);
	l->tmpl_place = dbi_lint_copy(l, place);
	if (dbi_template_load(&l->tmpl, decl->path, &err) == DBRIEF_OK)
		l->lang = dbi_template_lang(l->tmpl);
	else if (err.cause == DBRIEF_CAUSE_MEMORY)
		dbi_lint_memory(l);
	else
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, err.where[0] ? err.where : NULL, "%s", err.text);
}

/* Letters that leave data out need a condition, which keeps them from those whose data they would hide. */
static void check_kind(struct dbi_lint *l)
{
	const struct dbi_template_decl *d = l->decl;
	enum dbi_template_kind kind = dbi_template_kind(l->tmpl);

	if (kind == DBI_TEMPLATE_FULL && (!l->threshold || dbi_template_readability(l->tmpl) < l->threshold))
		l->threshold = dbi_template_readability(l->tmpl);
	if (kind != DBI_TEMPLATE_FULL && !d->when)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, d->place, "this template makes a letter without the data, and everybody would get it; say "
		    "when it is right: when=\"...\"");
	if (kind == DBI_TEMPLATE_SHORT && !(d->mode && strcmp(d->mode, "yearly") == 0))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, d->place, "a short letter is no answer to a request (Art. 15 GDPR); add mode=\"yearly\"");
	if (d->lang && strncmp(d->lang, l->lang, 2) != 0)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, d->place, "letters in '%.20s' are made by a template in '%.20s'; correct lang, or take "
		    "another template", d->lang, l->lang);
}

void dbi_lint_templates(struct dbi_lint *l)
{
	const struct dbi_config *c = l->config;
	const struct dbi_template_decl *last = c->n_templates ? &c->templates[c->n_templates - 1] : NULL;
	char place[512];

	l->rule = &of_template;
	l->lang = c->lang;
	(void)snprintf(place, sizeof(place), "%s:1:1", dbi_xml_name(c->doc));
	l->tmpl_place = dbi_lint_copy(l, place);
	if (!last)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, NULL, "no template is named, so no letter is checked; add <template href=\"...\"/>");
	else if (last->mode || last->lang || last->when)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, last->place, "letters that no <template> is for are held; add one without conditions as "
		    "the last");
	for (size_t i = 0; i < c->n_templates && !l->stop; i++) {
		if (c->templates[i].when)
			dbi_lint_condition(l, c->templates[i].when, c->templates[i].place);
		dbi_lint_template_load(l, i);
		if (l->tmpl)
			check_kind(l);
		dbi_template_free(l->tmpl);
		l->tmpl = NULL;
	}
	l->tmpl_place = dbi_lint_copy(l, place);
	l->lang = c->lang;
}
