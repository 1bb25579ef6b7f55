/* SPDX-License-Identifier: MIT */
/* The register as read: plain structures, for register/ and for checks of its content. */
#ifndef DBI_REGISTER_RULES_H
#define DBI_REGISTER_RULES_H

#include "register/register.h"
#include "util/arena.h"

struct recipient { const char *id, *role, *name, *country, *place; size_t n_lines; };
struct legal_basis { const char *article, *text, *place; };
struct disclosure { const struct recipient *to; const char *recipient, *data, *text, *place; };
struct transfer { const char *country, *instrument, *text, *place; };
struct activity {
	const char *id, *name, *purpose, *origin;
	const char *persons;              /* whom the data are about, or NULL */
	const char *retention, *period;   /* period: ISO 8601 or NULL */
	const char *from;                 /* "date", "year-end", or NULL: date */
	const char *place, *purpose_place, *retention_place, *origin_place;
	struct legal_basis *bases; size_t n_bases;
	struct disclosure *disclosures; size_t n_disclosures;
	struct transfer *transfers; size_t n_transfers;
};
struct dbi_register {
	struct dbi_arena arena;
	const char *version, *place;
	const char *security;             /* measures of Art. 32, in general words, or NULL */
	struct recipient *recipients; size_t n_recipients;
	struct activity *activities; size_t n_activities;
};
const struct activity *dbi_register_activity(const dbi_register *reg, const char *id);

#endif
