/* SPDX-License-Identifier: MIT */
/* An interrupt that comes while no statement of a database runs is not lost. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sqlite3.h>
#include <datenbrief.h>
#include "../unit/tap.h"

#define DIR "tests/api/interrupt.dir"

static const char config[] =
	"<datenbrief xmlns='urn:datenbrief:config:1' lang='de'>"
	"<controller><name>Muster GmbH</name><line>Musterweg 1</line><country>DE</country></controller>"
	"<authority><name>Aufsicht</name><line>Amtsplatz 1</line></authority>"
	"<register xmlns='urn:datenbrief:register:1' version='1'><activity id='a'><name>N</name><purpose>P</purpose>"
	"<legal-basis article='6(1)(b)'>B</legal-basis><retention>R</retention><origin>O</origin></activity></register>"
	"<source id='crm' type='sqlite' url='sqlite:data.db' label='CRM'>"
	"<records name='person' label='Person' activity='a' subject-key='no'>"
	"<query>SELECT no, name FROM person WHERE no = :subject</query>"
	"<field name='name' label='Name' type='text'/></records></source>"
	"<subject><name select=\"collections/collection/record/field[@name='name']\"/><line select=\"'Ort'\"/></subject></datenbrief>";

static const struct dbrief_connector_type *sqlite_type;
static struct dbrief_connector inner;
static int early; /* interrupt before the next fetch */

static int fetch(void *cursor, const char *subject, dbrief_records *records, struct dbrief_error *err)
{
	if (early)
		inner.interrupt(cursor);
	return inner.fetch(cursor, subject, records, err);
}

/* The built-in connector, with something in front of its fetch. */
static int create(struct dbrief_connector *connector, const dbrief_source *source, struct dbrief_error *err)
{
	int status = sqlite_type->create(&inner, source, err);

	*connector = inner;
	connector->fetch = fetch;
	return status;
}

static void destroy(struct dbrief_connector *connector)
{
	sqlite_type->destroy(connector);
}

static int prepare(void)
{
	FILE *file;
	sqlite3 *db = NULL;
	int good;

	(void)mkdir(DIR, 0700);
	(void)unlink(DIR "/data.db");
	good = sqlite3_open(DIR "/data.db", &db) == SQLITE_OK &&
	    sqlite3_exec(db, "CREATE TABLE person (no INTEGER, name TEXT); INSERT INTO person VALUES (1, 'Erika Beispiel')", NULL,
	    NULL, NULL) == SQLITE_OK; /* fictional */
	(void)sqlite3_close(db);
	file = fopen(DIR "/datenbrief.xml", "w");
	good = good && file && fputs(config, file) >= 0;
	return file && fclose(file) == 0 && good;
}

int main(void)
{
	static const struct dbrief_connector_type type = { sizeof(type), "sqlite", create, destroy, NULL };
	const struct dbrief_connector_type *types[] = { &type, NULL };
	struct dbrief_engine_opts opts = DBRIEF_ENGINE_OPTS_INIT;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	dbrief_model *model = NULL;
	int status;

	for (const struct dbrief_connector_type *const *t = dbrief_builtin_connectors(); *t; t++)
		if (strcmp((*t)->type, "sqlite") == 0)
			sqlite_type = *t;
	if (!OK(sqlite_type && prepare(), "a database and a configuration"))
		return tap_done();
	opts.types = types;
	status = dbrief_engine_load(&engine, DIR "/datenbrief.xml", &opts, &err);
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(engine, &err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&session, engine, &err);
	if (!EQ(status, DBRIEF_OK, "a session"))
		printf("# %s: %s\n", err.where, err.text);
	EQ(dbrief_model_gather(&model, session, "1", &err), DBRIEF_OK, "the data is read");
	dbrief_model_free(model);
	early = 1;
	EQ(dbrief_model_gather(&model, session, "1", &err), DBRIEF_FAILED, "an interrupt before the first statement holds the letter");
	EQ(err.cause, DBRIEF_CAUSE_CANCELLED, "as interrupted");
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return tap_done();
}
