/* SPDX-License-Identifier: MIT */
/* Every allocation fails once, and from then on: an error or the same model, never a crash, a leak or another model. */
#include "model/model.h"
#include "gather/subject.h"
#include "register/register.h"
#include "scripted.h"
#include "util/mem.h"

static const char config_xml[] =
	"<datenbrief xmlns='urn:datenbrief:config:1'>"
	"<codes id='way'><code value='E'>E-Mail</code></codes>"
	"<source id='crm' type='host' label='CRM'>"
	"<records name='orders' label='O' activity='a' subject-key='no' key='id' since='day'>"
	"<field name='day' label='D' type='date'/><field name='way' label='W' type='code' codes='way'/>"
	"<field name='iban' label='I' type='text' show='masked'/></records>"
	"<records name='lines' label='L' activity='a' within='orders' link='id' subject-key='no' key='line'>"
	"<field name='what' label='W' type='text'/></records></source>"
	"<subject><name select='//field[@name=\"way\"]'/><line select='\"x\"'/></subject></datenbrief>";
static const char register_xml[] =
	"<register xmlns='urn:datenbrief:register:1' version='1'><activity id='a'><name>A</name><purpose>P</purpose>"
	"<legal-basis article='6'>B</legal-basis><retention period='P1Y'>R</retention><origin>O</origin></activity></register>";

static const struct step steps[] = {
	{ BEGIN, "orders", "C\xE4", "2", 0, 0, 0 }, { TEXT, "day", "2024-03-02", 0, 0, 0, 0 }, { TEXT, "way", "E", 0, 0, 0, 0 },
	{ TEXT, "iban", "DE02120300000000202051", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 },
	{ BEGIN, "lines", "C\xE4", "1", "2", 0, 0 }, { TEXT, "what", "M\xFCller\r\n", 0, 0, 0, 0 }, { END, 0, 0, 0, 0, 0, 0 },
	{ DONE, 0, 0, 0, 0, 0, 0 }, { STOP, 0, 0, 0, 0, 0, 0 } };
static const char *const described[] = { "+orders", "no", "id", "day", "way", "iban", "+lines", "no", "id", "line", "what", NULL };

static dbi_format *format;

struct world {
	dbi_xml_doc *config, *registry, *model;
	struct dbi_sources sources;
	dbi_register *reg;
	dbi_subject_map *map;
	dbi_subject_eval *ev;
	dbi_gatherer *g;
	struct dbi_arena arena;
	struct dbi_dataset data;
};

static int load(struct world *w, struct dbrief_error *err)
{
	int rc = dbi_xml_parse_memory(&w->config, "c.xml", config_xml, strlen(config_xml), NULL, err);
	if (rc == DBRIEF_OK)
		rc = dbi_sources_read(&w->sources, w->config, dbi_xml_root(w->config), ".", err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_map_read(&w->map, w->config, dbi_node_child(dbi_xml_root(w->config), "subject"), NULL, err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_eval_new(&w->ev, w->map, err);
	if (rc == DBRIEF_OK)
		rc = dbi_xml_parse_memory(&w->registry, "r.xml", register_xml, strlen(register_xml), NULL, err);
	if (rc == DBRIEF_OK)
		rc = dbi_register_from_node(&w->reg, w->registry, dbi_xml_root(w->registry), err);
	return rc;
}

static int make(struct world *w, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_env env = { { 2026, 11, 23 }, DBI_MODE_YEARLY };
	struct script script = { .steps = steps, .describe = described };
	struct dbi_connected c = { NULL, script_connector(&script), DBRIEF_ERROR_INIT };
	int rc = load(w, err);
	c.decl = w->sources.sources;
	c.connector.charset = "ISO-8859-1";
	if (rc == DBRIEF_OK)
		rc = dbi_connected_check(&c, err);
	if (rc == DBRIEF_OK)
		rc = dbi_gatherer_new(&w->g, &c, 1, err);
	if (rc == DBRIEF_OK)
		rc = dbi_gather(w->g, "C\xC3\xA4", &w->arena, &w->data, err);
	if (rc == DBRIEF_OK)
		rc = dbi_model_build(&w->model, &w->data, "X", "de", &env, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_register_join(w->reg, w->model, "de", &env, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_subject_join(w->ev, w->model, format, err);
	if (rc == DBRIEF_OK)
		rc = dbi_model_write(w->model, true, out, err);
	dbi_gatherer_free(w->g);
	return rc;
}

static int run(struct dbi_buf *out, struct dbrief_error *err)
{
	struct world w;
	int rc;
	memset(&w, 0, sizeof w);
	rc = make(&w, out, err);
	dbi_subject_eval_free(w.ev);
	dbi_subject_map_free(w.map);
	dbi_register_free(w.reg);
	dbi_sources_dispose(&w.sources);
	dbi_xml_free(w.config);
	dbi_xml_free(w.registry);
	dbi_xml_free(w.model);
	dbi_arena_dispose(&w.arena);
	return rc;
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf want = DBI_BUF_INIT;
	unsigned long total, wrong = 0, unsaid = 0;
	dbi_hash_init();
	dbi_xml_init();
	if (dbi_format_new(&format, &err) != DBRIEF_OK)
		return 1;
	EQ(run(&want, &err), DBRIEF_OK, "without a failure");
	if (!want.data) {
		printf("# %s: %s\n", err.where, err.text);
		return tap_done();
	}
	total = dbi_mem_count();
	dbi_buf_dispose(&want);
	(void)run(&want, &err);
	total = dbi_mem_count() - total;
	OK(total > 20, "there are allocations to fail");
	for (int forever = 0; forever < 2; forever++)
		for (unsigned long n = 1; n <= total; n++) {
			struct dbi_buf out = DBI_BUF_INIT;
			int rc;
			dbrief_error_clear(&err);
			dbi_mem_fail_at(n, forever);
			rc = run(&out, &err);
			dbi_mem_fail_at(0, false);
			if (rc == DBRIEF_OK && strcmp(out.data, want.data))
				wrong++;
			if (rc != DBRIEF_OK && (err.status != rc || !*err.text)) {
				unsaid++;
				printf("# allocation %lu: %d, %d %s: %s\n", n, rc, err.status, err.where, err.text);
			}
			dbi_buf_dispose(&out);
		}
	EQ(wrong, 0, "no other model");
	EQ(unsaid, 0, "every failure is recorded");
	printf("# %lu allocations\n", total);
	dbi_buf_dispose(&want);
	dbi_format_free(format);
	return tap_done();
}
