/* SPDX-License-Identifier: MIT */
/* L17, L19, L26 to L29, L31, L32: duties around the letter; some of them only a person can answer for. */
#include <string.h>
#include "api/lint.h"

static void ask(struct dbi_lint *l, const char *question)
{
	char place[128];

	if (dbi_lint_attested(l, NULL))
		return;
	dbi_node_place(l->config->doc, dbi_xml_root(l->config->doc), place);
	dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, place, "%s; answer with <attest rule=\"%s\" by=\"...\" on=\"...\">", question, l->rule->id);
}

void dbi_lint_l17(struct dbi_lint *l)
{
	ask(l, "nobody has answered whether the keys of the sources identify each person without doubt");
}

void dbi_lint_l19(struct dbi_lint *l)
{
	ask(l, "nobody has answered who decides, and how, when a request is refused as abuse");
}

void dbi_lint_l26(struct dbi_lint *l)
{
	const struct activity *own = dbi_register_activity(l->reg, "datenbrief");

	if (!own)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, l->reg->place, "the register does not hold the making of the letter itself; add "
		    "<activity id=\"datenbrief\">");
	else if (l->n_samples && !dbi_lint_prints(l, &l->samples[0], own->purpose))
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, NULL, "the letter does not tell of its own making; print the activity 'datenbrief'");
}

/* ---- flags that hold letters ---- */

static const dbi_xml_node *find_named(const dbi_xml_node *parent, const char *element, const char *const *names)
{
	for (const dbi_xml_node *f = parent ? dbi_node_child(parent, element) : NULL; f; f = dbi_node_sibling(f, element))
		for (const char *const *name = names; *name; name++)
			if (dbi_node_attr(f, "name") && strncmp(dbi_node_attr(f, "name"), *name, strlen(*name)) == 0)
				return f;
	return NULL;
}

/* A <hold> rule whose name begins with one of these is enough; a flag must hold the letter with `holds`. */
static void need_flag(struct dbi_lint *l, const char *const *names, bool holds, const char *what)
{
	const dbi_xml_node *root = dbi_xml_root(l->config->doc), *map = dbi_node_child(root, "subject");
	const dbi_xml_node *flag = find_named(map, "flag", names);
	const char *hold = flag ? dbi_node_attr(flag, "hold") : NULL;
	char place[128];

	if (find_named(root, "hold", names) || (flag && !(holds && hold && strcmp(hold, "no") == 0)) || dbi_lint_attested(l, NULL))
		return;
	dbi_node_place(l->config->doc, flag ? flag : map, place);
	if (flag)
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, place, "the flag '%s' does not hold the letter; remove hold=\"no\"", names[0]);
	else
		dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, place, "nothing tells %s; add <hold name=\"%s\" select=\"...\" reason=\"...\"/>, or <attest rule=\"%s\"> "
		    "why it cannot be", what, names[0], l->rule->id);
}

void dbi_lint_l27(struct dbi_lint *l)
{
	static const char *const names[] = { "minor", "guardian", "underage", NULL };

	need_flag(l, names, false, "when a person is a minor or has a guardian");
}

void dbi_lint_l28(struct dbi_lint *l)
{
	static const char *const names[] = { "deceased", "dead", NULL };

	need_flag(l, names, true, "when a person has died");
}

void dbi_lint_l29(struct dbi_lint *l)
{
	static const char *const names[] = { "address-blocked", "blocked", "secret-address", NULL };

	need_flag(l, names, true, "when an address is blocked or secret");
}

/* ---- the register ---- */

static bool receives(const struct dbi_lint *l, const struct recipient *r)
{
	for (size_t i = 0; i < l->reg->n_activities; i++)
		for (size_t k = 0; k < l->reg->activities[i].n_disclosures; k++)
			if (l->reg->activities[i].disclosures[k].to == r)
				return true;
	return false;
}

/* Somebody prints and posts the letters. */
static bool has_processor(const struct activity *a)
{
	for (size_t i = 0; i < a->n_disclosures; i++)
		if (strcmp(a->disclosures[i].to->role, "processor") == 0)
			return true;
	return false;
}

void dbi_lint_l31(struct dbi_lint *l)
{
	const struct activity *own = dbi_register_activity(l->reg, "datenbrief");

	for (size_t i = 0; i < l->reg->n_recipients; i++) {
		const struct recipient *r = &l->reg->recipients[i];

		if (!receives(l, r))
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, r->place, "recipient '%s' gets data of no activity, so no letter names it; add a "
			    "<disclosure>, or remove it", r->id);
		else if (!r->n_lines && strcmp(r->role, "authority") != 0)
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, r->place, "recipient '%s' has no address; add its <line>s", r->id);
	}
	if (own && !has_processor(own) && !dbi_lint_attested(l, NULL))
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, own->place, "activity 'datenbrief' names no processor that prints or posts the letters; "
		    "add its <disclosure>, or <attest rule=\"L31\"> that nobody else does");
}

void dbi_lint_l32(struct dbi_lint *l)
{
	if (!l->reg->security)
		dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, l->reg->place, "the register does not describe its measures of security, Art. 30(1)(g); "
		    "add <security>");
	dbi_lint_need_role(l, "register", l->reg->version, "names the register and its version");
	for (size_t i = 0; i < l->reg->n_activities; i++)
		if (!l->reg->activities[i].persons)
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, l->reg->activities[i].place, "activity '%s' does not say whom its data are about, "
			    "Art. 30(1)(c); add <persons>", l->reg->activities[i].id);
	for (size_t i = 0; i < l->reg->n_activities; i++)
		if (!dbi_lint_used(l, &l->reg->activities[i]) && !dbi_lint_attested(l, l->reg->activities[i].id))
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, l->reg->activities[i].place, "no collection belongs to activity '%s'; declare what is "
			    "stored for it, or <attest rule=\"L32\" for=\"%s\"> that it is not about customers", l->reg->activities[i].id,
			    l->reg->activities[i].id);
}
