/* SPDX-License-Identifier: MIT */
/*
 * A host that lives in the locale and time zone of its environment: prints a decimal number and the small letter of I as
 * that locale writes them, then the SHA-256 of each letter. For tests/e2e/samebytes.py.
 * locale_letters CONFIG ID=URL DATE CUSTOMER...
 */
#include <locale.h>
#include <stdio.h>
#include <time.h>
#include <wctype.h>
#include <datenbrief.h>

static int print_letter(dbrief_session *session, const dbrief_template *tmpl, const char *subject, struct dbrief_error *err)
{
	struct dbrief_sink sink = { 0 };
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	int rc;

	opts.info = &info;
	rc = dbrief_sink_init_memory(&sink, err);
	if (!rc)
		rc = dbrief_letter_create(session, tmpl, subject, &sink, &opts, err);
	if (!rc)
		printf("%s\n", info.sha256);
	dbrief_sink_dispose(&sink);
	return rc;
}

int main(int argc, char **argv)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;
	const char *urls[1];
	int failed;

	if (argc < 5 || !setlocale(LC_ALL, ""))
		return 2;
	tzset();
	printf("%.1f %04x\n", 1.5, (unsigned)towlower(L'I'));
	urls[0] = argv[2];
	opts.source_urls = urls;
	opts.n_source_urls = 1;
	opts.date = argv[3];
	failed = dbrief_engine_load(&engine, argv[1], &opts, &err) || dbrief_engine_freeze(engine, &err)
	    || dbrief_session_new(&session, engine, &err) || dbrief_template_load(&tmpl, engine, NULL, &err);
	for (int i = 4; i < argc && !failed; i++)
		failed = print_letter(session, tmpl, argv[i], &err);
	if (failed)
		fprintf(stderr, "%s: %s\n", err.where, err.text);
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return failed ? 1 : 0;
}
