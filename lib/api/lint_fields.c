/* SPDX-License-Identifier: MIT */
/* L12, L14 to L16, L24, L25: single fields, and what is left out. */
#include <stdio.h>
#include <string.h>
#include "api/lint.h"

/* Is the content withheld on paper, other than in part? */
static bool is_named(const struct dbi_field_decl *f)
{
	return f->show == DBI_SHOW_NAMED && f->sensitivity != DBI_SENS_SECRET;
}

static void check_copy(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	if (f->ignore_reason || !is_named(f) || f->third_party || f->sensitivity == DBI_SENS_SPECIAL ||
	    dbi_lint_attested_field(l, s, c, f))
		return;
	dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the field '%s' is kept from its own person without a ground; show it, or mask it, "
	    "or <attest rule=\"L12\" for=\"%s/%s/%s\"> why", f->name, s->id, c->name, f->name);
}

void dbi_lint_l12(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_copy);
}

static void check_third_party(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	if (f->ignore_reason || !f->third_party || f->show != DBI_SHOW_VALUE || dbi_lint_attested_field(l, s, c, f))
		return;
	dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the field '%s' concerns another person and is shown; write show=\"masked\" or "
	    "show=\"named\", or <attest rule=\"L14\" for=\"%s/%s/%s\"> why it may be shown", f->name, s->id, c->name, f->name);
}

static bool any_field(struct dbi_lint *l, bool (*is)(const struct dbi_field_decl *f))
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->sources[i].n_collections; k++)
			for (size_t j = 0; j < s->sources[i].collections[k].n_fields; j++)
				if (is(&s->sources[i].collections[k].fields[j]))
					return true;
	return false;
}

static bool is_third_party(const struct dbi_field_decl *f)
{
	return !f->ignore_reason && f->third_party;
}

static bool is_special(const struct dbi_field_decl *f)
{
	return !f->ignore_reason && f->sensitivity == DBI_SENS_SPECIAL;
}

void dbi_lint_l14(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_third_party);
	if (any_field(l, is_third_party))
		dbi_lint_need_role(l, "third-party", NULL, "says which fields concern other people, and why they are cut");
}

static void check_staff(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	static const char *const words[] = { "staff", "employee", "clerk", "mitarbeiter", "bearbeiter", "sachbearbeit", "notiert von",
		"angesehen von", "geändert von", "noted by", "viewed by", "changed by" };

	if (f->ignore_reason || f->third_party || f->show == DBI_SHOW_NAMED || f->type != DBI_TYPE_TEXT)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (dbi_lint_contains(f->name, words[i]) || dbi_lint_contains(f->label, words[i])) {
			if (!dbi_lint_attested_field(l, s, c, f))
				dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the field '%s' seems to name staff; mark it third-party=\"yes\" "
				    "with show=\"named\", or <attest rule=\"L15\" for=\"%s/%s/%s\"> what it is", f->name, s->id, c->name, f->name);
			return;
		}
}

void dbi_lint_l15(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_staff);
}

/* ---- L16: plain words ---- */

/* first_name, firstName, KDNR2: names of columns, not words. */
static bool is_column_name(const char *label)
{
	bool lower = false, digit = false, blank = strchr(label, ' ') != NULL;

	if (strchr(label, '_'))
		return true;
	for (const char *s = label; *s; s++) {
		if (lower && *s >= 'A' && *s <= 'Z' && !blank)
			return true;
		lower = *s >= 'a' && *s <= 'z';
		digit |= *s >= '0' && *s <= '9';
	}
	return digit && !blank && strlen(label) > 2;
}

static void check_label(struct dbi_lint *l, const char *place, const char *label, const char *name)
{
	if (is_column_name(label))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, place, "the label of '%s' is a column's name; write it in plain words", name);
}

static void check_field_label(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	(void)s;
	(void)c;
	if (!f->ignore_reason)
		check_label(l, f->place, f->label, f->name);
	for (size_t i = 0; !f->ignore_reason && f->codes && i < f->codes->n; i++)
		if (strcmp(f->codes->codes[i].value, f->codes->codes[i].label) == 0)
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the code list '%s' does not explain every code; write what it means",
			    f->codes->id);
}

void dbi_lint_l16(struct dbi_lint *l)
{
	const struct dbi_sources *s = &l->config->sources;

	for (size_t i = 0; i < s->n; i++) {
		check_label(l, s->sources[i].place, s->sources[i].label, s->sources[i].id);
		for (size_t k = 0; k < s->sources[i].n_collections; k++)
			check_label(l, s->sources[i].collections[k].place, s->sources[i].collections[k].label,
			    s->sources[i].collections[k].name);
	}
	dbi_lint_each_field(l, check_field_label);
}

/* ---- L24 ---- */

static bool allows_special(const struct activity *a)
{
	for (size_t i = 0; i < a->n_bases; i++)
		if (strncmp(a->bases[i].article, "9(", 2) == 0 || strncmp(a->bases[i].article, "10", 2) == 0)
			return true;
	return false;
}

static void check_special(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	const struct activity *a = dbi_register_activity(l->reg, c->activity);

	if (!is_special(f))
		return;
	if (f->show == DBI_SHOW_VALUE && !dbi_lint_attested_field(l, s, c, f))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the field '%s' is of a special category and would go by post; write "
		    "show=\"masked\" or show=\"named\", or <attest rule=\"L24\" for=\"%s/%s/%s\"> why it may", f->name, s->id, c->name, f->name);
	if (a && !allows_special(a))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, a->place, "activity '%s' holds special categories without a ground for it; add "
		    "<legal-basis article=\"9(2)(...)\">", a->id);
}

void dbi_lint_l24(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_special);
	if (any_field(l, is_special))
		dbi_lint_need_role(l, "special", NULL, "marks special categories of data");
}

/* ---- L25 ---- */

static void check_ignored(struct dbi_lint *l, const struct dbi_source_decl *s, const struct dbi_collection_decl *c,
    const struct dbi_field_decl *f)
{
	(void)s;
	if (f->ignore_reason && (dbi_lint_words(f->ignore_reason) < 4 || dbi_lint_contains(f->ignore_reason, "todo")))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, f->place, "the field '%s' is left out without a reason that an authority could judge; "
		    "say what it is and why it is left out", f->name);
	if (f->ignore_reason || (f->show != DBI_SHOW_NAMED && f->sensitivity != DBI_SENS_SECRET))
		return;
	for (size_t i = 0; i < l->n_samples; i++)
		if (!dbi_lint_prints(l, &l->samples[i], f->label)) {
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter is silent about the field '%s' of '%s', which is withheld; print "
			    "its label", f->name, c->name);
			return;
		}
}

void dbi_lint_l25(struct dbi_lint *l)
{
	dbi_lint_each_field(l, check_ignored);
}
