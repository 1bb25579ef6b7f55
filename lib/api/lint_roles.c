/* SPDX-License-Identifier: MIT */
/* Words of role="..." that no rule knows. */
#include <string.h>
#include "api/lint_xpath.h"

static const char *const known[] = { "confirmation", "cost", "as-of", "controller", "dpo", "rights", "objection", "withdrawal",
	"complaint", "third-party", "special", "register", "reply", NULL };

static int enter(void *ctx, const char *element, const char *role, const char *place)
{
	struct dbi_lint *l = ctx;
	char hint[96];

	(void)element;
	for (role += strspn(role, " "); *role; role += strspn(role, " ")) {
		size_t n = strcspn(role, " "), i = 0;

		while (known[i] && !(strlen(known[i]) == n && strncmp(known[i], role, n) == 0))
			i++;
		if (!known[i]) {
			dbi_xcheck_hint(hint, "", role, n, known, "see the roles in datenbrief-letter(5)");
			dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, dbi_lint_template_place(l, place), "there is no role '%.*s'%s", (int)n, role, hint);
		}
		role += n;
	}
	return l->stop;
}

void dbi_lint_roles(struct dbi_lint *l)
{
	static const struct dbi_template_visitor visitor = { enter, NULL, NULL, NULL };

	(void)dbi_template_walk(l->tmpl, &visitor, l);
}
