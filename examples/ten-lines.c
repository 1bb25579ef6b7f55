/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <datenbrief.h>

int main(int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_sink sink = { 0 };
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;

	if (argc != 4)
		return fputs("usage: letter CONFIG CUSTOMER FILE.pdf\n", stderr), 2;
	int failed = dbrief_engine_load(&engine, argv[1], NULL, &err) || dbrief_engine_freeze(engine, &err)
	    || dbrief_session_new(&session, engine, &err) || dbrief_template_load(&tmpl, engine, NULL, &err)
	    || dbrief_sink_init_file(&sink, argv[3], &err)
	    || dbrief_letter_create(session, tmpl, argv[2], &sink, NULL, &err);
	if (failed)
		fprintf(stderr, "%s: %s\n", err.where, err.text);
	dbrief_sink_dispose(&sink);
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return failed;
}
