/* SPDX-License-Identifier: MIT */
#include "letter/delivery.h"

#include <stddef.h>
#include <string.h>

static const char *const forms[] = { "din5008-b", "din5008-a", "swiss", "austria", "report" };

const char *dbi_delivery_form(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (strcmp(forms[i], name) == 0)
			return forms[i];
	return NULL;
}

/* Index of a word, or -1. */
static int8_t choice(const char *value, const char *const *words, int8_t n)
{
	for (int8_t i = 0; i < n; i++)
		if (strcmp(value, words[i]) == 0)
			return i;
	return DBI_UNSAID;
}

/* "none", or fold and hole in any order. */
static bool set_marks(struct dbi_delivery *d, const char *value)
{
	d->fold = d->hole = 0;
	if (strcmp(value, "none") == 0)
		return true;
	while (*value) {
		size_t n = strcspn(value, " ");

		if (n != 4 || (strncmp(value, "fold", 4) && strncmp(value, "hole", 4)))
			return false;
		if (*value == 'f')
			d->fold = 1;
		else
			d->hole = 1;
		value += n;
		value += strspn(value, " ");
	}
	return d->fold || d->hole;
}

const char *dbi_delivery_set(struct dbi_delivery *d, const char *name, const char *value)
{
	static const char *const profiles[] = { "standard", "hybrid" }, *const yes_no[] = { "no", "yes" },
	    *const inserters[] = { "none", "omr", "datamatrix", "qr" };

	if (strcmp(name, "marks") == 0)
		return set_marks(d, value) ? NULL : "fold, hole, both of them, or none";
	if (strcmp(name, "profile") == 0)
		return (d->hybrid = choice(value, profiles, 2)) < 0 ? "standard or hybrid" : NULL;
	if (strcmp(name, "duplex") == 0)
		return (d->duplex = choice(value, yes_no, 2)) < 0 ? "yes or no" : NULL;
	if (strcmp(name, "inserter") == 0)
		return (d->inserter = choice(value, inserters, 4)) < 0 ? "none, omr, datamatrix or qr" : NULL;
	d->form = strcmp(name, "form") == 0 ? dbi_delivery_form(value) : NULL;
	return d->form ? NULL : DBI_FORMS;
}

void dbi_delivery_over(struct dbi_delivery *d, const struct dbi_delivery *over)
{
	if (over->form)
		d->form = over->form;
	if (over->fold >= 0)
		d->fold = over->fold;
	if (over->hole >= 0)
		d->hole = over->hole;
	if (over->hybrid >= 0)
		d->hybrid = over->hybrid;
	if (over->duplex >= 0)
		d->duplex = over->duplex;
	if (over->inserter >= 0)
		d->inserter = over->inserter;
}

bool dbi_delivery_contradicts(const struct dbi_delivery *d)
{
	return d->hybrid == 1 && d->inserter > 0;
}
