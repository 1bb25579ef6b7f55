/* SPDX-License-Identifier: MIT */
/* What sources deliver, compared with what is declared of them. */
#include <string.h>
#include "api/lint.h"

void dbi_lint_sources(struct dbi_lint *l)
{
	for (size_t i = 0; i < l->engine->n_sources && !l->stop; i++) {
		const struct dbi_source_decl *decl = l->engine->sources[i].source.decl;
		struct dbrief_error err = DBRIEF_ERROR_INIT;
		const struct dbrief_error *fault = &l->engine->connected[i].fault;

		/* Only the program that links the library has that connector. */
		if (!l->engine->sources[i].connected && !decl->url_overridden && decl->type && strcmp(decl->type, "host") == 0)
			continue;
		if (dbi_engine_connect_source(l->engine, i, &err) != DBRIEF_OK) {
			if (err.cause == DBRIEF_CAUSE_MEMORY) {
				dbi_lint_memory(l);
				return;
			}
			if (!l->refused[i])
				dbi_lint_say(l, DBRIEF_SEVERITY_WARNING, decl->place, "source %s was not compared with its declaration: %s",
			    decl->id, err.text);
		} else if (fault->status != DBRIEF_OK) {
			dbi_lint_say(l, DBRIEF_SEVERITY_ERROR, decl->place, "%s: %s", fault->where, fault->text);
		}
	}
}
