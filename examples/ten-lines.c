/* SPDX-License-Identifier: MIT */
/* The shortest program that makes a letter: letter CONFIG CUSTOMER FILE.pdf */
#include <datenbrief.h>
#include <stdio.h>

int main(int argc, char **argv) {
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;
	struct dbrief_sink sink;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	int failed = argc != 4
	    || dbrief_engine_load(&engine, argv[1], NULL, &err)
	    || dbrief_engine_freeze(engine, &err)
	    || dbrief_session_new(&session, engine, &err)
	    || dbrief_template_load(&tmpl, engine, NULL, &err)
	    || dbrief_sink_init_file(&sink, argv[3], &err);

	if (!failed) {
		failed = dbrief_letter_create(session, tmpl, argv[2], &sink, NULL, &err) != DBRIEF_OK;
		dbrief_sink_dispose(&sink);
	}
	if (failed)
		fprintf(stderr, "%s: %s\n", argc == 4 ? err.where : "usage", argc == 4 ? err.text : "letter CONFIG CUSTOMER FILE.pdf");
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return failed;
}
