/* SPDX-License-Identifier: MIT */
#include "api/lint_form.h"

#include <string.h>

#define B DBI_BIT
#define OFFICE (B(NAME) | B(LINE) | B(COUNTRY) | B(PHONE) | B(EMAIL) | B(WEB))

/* In the order of enum dbi_part; as in model.rng. */
static const struct { const char *name, *attrs; dbi_parts children; } parts[DBI_PART_COUNT] = {
	{ "model", "version lang mode date case", B(CONTROLLER) | B(SUBJECT) | B(SOURCES) | B(CHANGES) | B(ACTIVITIES) | B(COLLECTIONS) },
	{ "controller", "", OFFICE | B(REPRESENTED) | B(REGISTRATION) | B(VAT) | B(DPO) | B(AUTHORITY) },
	{ "dpo", "", OFFICE },
	{ "authority", "", OFFICE },
	{ "name", "", 0 },
	{ "line", "", 0 },
	{ "country", "code", 0 },
	{ "represented-by", "", 0 },
	{ "phone", "", 0 },
	{ "email", "", 0 },
	{ "web", "", 0 },
	{ "registration", "", 0 },
	{ "vat-id", "", 0 },
	{ "subject", "lang", B(NAME) | B(REPRESENTATIVE) | B(SALUTATION) | B(LINE) | B(COUNTRY) | B(FLAG) },
	{ "representative", "", 0 },
	{ "salutation", "", 0 },
	{ "flag", "name value", 0 },
	{ "sources", "total complete", B(SOURCE) },
	{ "source", "id label status as-of records replaced suspect found-by strength keys confirmed-by", 0 },
	{ "changes", "since new changed gone same", 0 },
	{ "activities", "register", B(ACTIVITY) },
	{ "activity", "id", B(ACTIVITY_NAME) | B(PURPOSE) | B(BASIS) | B(DISCLOSURE) | B(TRANSFER) | B(RETENTION) | B(ORIGIN) },
	{ "name", "", 0 },
	{ "purpose", "", 0 },
	{ "legal-basis", "article", 0 },
	{ "disclosure", "recipient role name data", 0 },
	{ "transfer", "country country-name instrument", 0 },
	{ "retention", "period from", 0 },
	{ "origin", "", 0 },
	{ "collections", "", B(COLLECTION) },
	{ "collection", "source name label activity code count new changed gone same", B(COLUMN) | B(NESTED) | B(IGNORED) | B(RECORD) },
	{ "column", "name label type kind sensitivity show third-party origin unit currency", B(INPUTS) | B(MEANING) | B(EFFECT) },
	{ "inputs", "", 0 },
	{ "meaning", "", 0 },
	{ "effect", "", 0 },
	{ "nested", "name label activity code count new changed gone same", B(COLUMN) | B(NESTED) | B(IGNORED) },
	{ "ignored", "name reason", 0 },
	{ "record", "item key since until change", B(FIELD) | B(INNER) },
	{ "field", "name item change value empty masked named bytes media-type", 0 },
	{ "collection", "name", B(RECORD) },
};

static const struct { dbi_parts of; const char *attr, *values; } values[] = {
	{ B(MODEL), "mode", "yearly request" },
	{ B(SOURCE), "status", "complete empty failed" },
	{ B(SOURCE), "strength", "strong weak" },
	{ B(DISCLOSURE), "role", "processor controller joint authority" },
	{ B(TRANSFER), "instrument", "adequacy scc bcr consent contract" },
	{ B(RETENTION), "from", "date year-end" },
	{ B(COLUMN), "type", "text integer decimal money date datetime boolean code binary" },
	{ B(COLUMN), "kind", "stored derived" },
	{ B(COLUMN), "sensitivity", "normal special secret" },
	{ B(COLUMN), "show", "value masked named" },
	{ B(COLUMN), "third-party", "yes no" },
	{ B(FLAG), "value", "true false" },
	{ B(RECORD), "change", "new changed same" },
	{ B(FIELD), "change", "changed" },
	{ B(FIELD), "empty", "true" },
	{ B(FIELD), "masked", "true" },
	{ B(FIELD), "named", "true" },
};

dbi_parts dbi_form_parts_children(dbi_parts of)
{
	dbi_parts all = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT; i++)
		if (of >> i & 1)
			all |= parts[i].children;
	return all;
}

dbi_parts dbi_form_parts_parents(dbi_parts of)
{
	dbi_parts all = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT; i++)
		if (parts[i].children & of)
			all |= UINT64_C(1) << i;
	return all;
}

/* Until nothing new is reached. */
static dbi_parts closure(dbi_parts of, dbi_parts (*step)(dbi_parts of))
{
	dbi_parts all = 0, more = step(of);

	while (more & ~all) {
		all |= more;
		more = step(all);
	}
	return all;
}

dbi_parts dbi_form_parts_below(dbi_parts of)
{
	return closure(of, dbi_form_parts_children);
}

dbi_parts dbi_form_parts_above(dbi_parts of)
{
	return closure(of, dbi_form_parts_parents);
}

dbi_parts dbi_form_parts_named(dbi_parts set, const char *name, size_t len)
{
	dbi_parts all = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT; i++)
		if (set >> i & 1 && strlen(parts[i].name) == len && memcmp(parts[i].name, name, len) == 0)
			all |= UINT64_C(1) << i;
	return all;
}

static bool has_word(const char *list, const char *word, size_t len)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == len && memcmp(list, word, n) == 0)
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

dbi_parts dbi_form_parts_with(dbi_parts set, const char *attr, size_t len)
{
	dbi_parts all = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT; i++)
		if (set >> i & 1 && has_word(parts[i].attrs, attr, len))
			all |= UINT64_C(1) << i;
	return all;
}

const char *dbi_form_part_name(dbi_parts set)
{
	for (unsigned i = 0; i < DBI_PART_COUNT; i++)
		if (set >> i & 1)
			return parts[i].name;
	return "";
}

void dbi_form_part_names(dbi_parts set, const char **words, size_t max)
{
	size_t n = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT && n + 1 < max; i++)
		if (set >> i & 1)
			words[n++] = parts[i].name;
	words[n] = NULL;
}

void dbi_form_part_attrs(dbi_parts set, char *space, size_t size, const char **words, size_t max)
{
	size_t n = 0, used = 0;

	for (unsigned i = 0; i < DBI_PART_COUNT; i++) {
		const char *list = set >> i & 1 ? parts[i].attrs : "";

		while (*list && n + 1 < max) {
			size_t len = strcspn(list, " ");

			if (used + len + 1 > size)
				break;
			memcpy(space + used, list, len);
			space[used + len] = '\0';
			words[n++] = space + used;
			used += len + 1;
			list += len + (list[len] == ' ');
		}
	}
	words[n] = NULL;
}

const char *dbi_form_part_values(dbi_parts set, const char *attr, size_t len)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (!(set & ~values[i].of) && strlen(values[i].attr) == len && memcmp(values[i].attr, attr, len) == 0)
			return values[i].values;
	return NULL;
}
