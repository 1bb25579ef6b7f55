/* SPDX-License-Identifier: MIT */
/* A database whose tables change while a session is open: a column that comes anew is never left out in silence. */
#include <sys/stat.h>
#include <unistd.h>
#include <sqlite3.h>
#include <datenbrief.h>
#include "../unit/tap.h"

#define DIR "tests/api/schema_change.dir"

static const char config[] =
	"<datenbrief xmlns='urn:datenbrief:config:1' lang='de'>"
	"<controller><name>Muster GmbH</name><line>Musterweg 1</line><country>DE</country></controller>"
	"<authority><name>Aufsicht</name><line>Amtsplatz 1</line></authority>"
	"<register xmlns='urn:datenbrief:register:1' version='1'><activity id='a'><name>N</name><purpose>P</purpose>"
	"<legal-basis article='6(1)(b)'>B</legal-basis><retention>R</retention><origin>O</origin></activity></register>"
	"<source id='crm' type='sqlite' url='sqlite:data.db' label='CRM'>"
	"<records name='person' label='Person' activity='a' subject-key='no'>"
	"<query>SELECT person.no, person.name, more.* FROM person JOIN more ON more.owner = person.no WHERE person.no = :subject</query>"
	"<field name='name' label='Name' type='text'/><field name='owner' label='Besitzer' type='integer'/>"
	"<field name='town' label='Ort' type='text'/></records></source>"
	"<subject><name select=\"collections/collection/record/field[@name='name']\"/>"
	"<line select=\"collections/collection/record/field[@name='town']\"/></subject></datenbrief>";

/* Fictional. */
static const char tables[] =
	"CREATE TABLE person (no INTEGER, name TEXT); CREATE TABLE more (owner INTEGER, town TEXT);"
	"INSERT INTO person VALUES (1, 'Erika Beispiel'); INSERT INTO more VALUES (1, 'Kassel');";

static int run_sql(const char *sql)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open(DIR "/data.db", &db);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return rc;
}

static int prepare(void)
{
	FILE *file;
	int good;

	(void)mkdir(DIR, 0700);
	(void)unlink(DIR "/data.db");
	file = fopen(DIR "/datenbrief.xml", "w");
	good = file && fputs(config, file) >= 0;
	return file && fclose(file) == 0 && good && run_sql(tables) == SQLITE_OK;
}

static int gather(dbrief_session *session, struct dbrief_error *err)
{
	dbrief_model *model = NULL;
	int status = dbrief_model_gather(&model, session, "1", err);

	dbrief_model_free(model);
	return status;
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = NULL;
	dbrief_session *session = NULL;
	int status;

	if (!OK(prepare(), "a database and a configuration"))
		return tap_done();
	status = dbrief_engine_load(&engine, DIR "/datenbrief.xml", NULL, &err);
	if (status == DBRIEF_OK)
		status = dbrief_engine_freeze(engine, &err);
	if (status == DBRIEF_OK)
		status = dbrief_session_new(&session, engine, &err);
	if (!EQ(status, DBRIEF_OK, "a session"))
		printf("# %s: %s\n", err.where, err.text);
	EQ(gather(session, &err), DBRIEF_OK, "all columns are declared");
	EQ(run_sql("ALTER TABLE more ADD COLUMN name TEXT; UPDATE more SET name = 'Erna'"), SQLITE_OK, "a column comes anew");
	EQ(gather(session, &err), DBRIEF_FATAL, "two columns of one name end the run");
	EQ(gather(session, &err), DBRIEF_FATAL, "also for a program that goes on nevertheless");
	EQ(run_sql("ALTER TABLE more RENAME COLUMN name TO alias"), SQLITE_OK, "the column gets a name of its own");
	EQ(gather(session, &err), DBRIEF_FAILED, "the letter is held");
	EQ(err.cause, DBRIEF_CAUSE_UNDECLARED, "since nobody declared it");
	EQ(gather(session, &err), DBRIEF_FAILED, "and so is the next one");
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return tap_done();
}
