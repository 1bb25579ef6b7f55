/* SPDX-License-Identifier: MIT */
/* Lots through the public interface: records from sessions, pictures, the sink, misuse. */
#include "host.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static struct host host;

/* A PNG of one black pixel. */
static const unsigned char pixel[] = {
	0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01,
	0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9C, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x48, 0xAF, 0xA4, 0x71, 0x00, 0x00, 0x00, 0x00, 0x49,
	0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82
};

static const char letter[] = "<letter xmlns='urn:datenbrief:letter:1' form='report' lang='de' title='Brief' case='K7Q3-9XB2-ABC1'>"
    "<subject>Bild</subject><salutation>Guten Tag,</salutation><body><p>Ein Bild: <img src='p.png' alt='Punkt' width='9mm'/></p>"
    "</body></letter>";

static bool put(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");
	bool good = f && fwrite(bytes, 1, len, f) == len;
	return f && fclose(f) == 0 && good;
}

static int make_record(dbrief_session *s, const dbrief_template *t, const char *subject, struct dbrief_sink *sink,
    struct dbrief_letter_info *info, struct dbrief_error *err)
{
	struct dbrief_letter_opts opts = DBRIEF_LETTER_OPTS_INIT;
	opts.stage = DBRIEF_STAGE_SPOOL;
	opts.info = info;
	if (dbrief_sink_init_memory(sink, err) != DBRIEF_OK)
		return DBRIEF_FATAL;
	return t ? dbrief_letter_create(s, t, subject, sink, &opts, err) : dbrief_letter_render_file(s, subject, sink, &opts, err);
}

static int add(dbrief_lot *lot, const struct dbrief_sink *record, struct dbrief_lot_place *place, struct dbrief_error *err)
{
	size_t len = 0;
	const void *bytes = dbrief_sink_memory(record, &len);
	int status = dbrief_lot_add(lot, bytes, len, place, err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", err->where, err->text);
	return status;
}

static void test_letters(dbrief_engine *engine, dbrief_session *s, const dbrief_template *t)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_lot_place place = DBRIEF_LOT_PLACE_INIT;
	struct dbrief_lot_info all = DBRIEF_LOT_INFO_INIT;
	struct dbrief_lot_opts opts = DBRIEF_LOT_OPTS_INIT;
	struct dbrief_sink one, two, out;
	dbrief_lot *lot = NULL;
	size_t len = 0;

	EQ(make_record(s, t, "1", &one, &info, &err), DBRIEF_OK, "a record");
	EQ(info.pages, 1, "of one page");
	OK(info.case_code[0], "with its case code");
	EQ(make_record(s, t, "2", &two, &info, &err), DBRIEF_OK, "another one");
	EQ(dbrief_sink_init_memory(&out, &err), DBRIEF_OK, "a sink");
	opts.duplex = 1;
	opts.title = "Los 1";
	EQ(dbrief_lot_new(&lot, engine, &out, &opts, &err), DBRIEF_OK, "a lot");
	EQ(add(lot, &one, &place, &err), DBRIEF_OK, "one letter in it");
	EQ(add(lot, &two, &place, &err), DBRIEF_OK, "and the other");
	EQ(place.first_page, 3, "on the next sheet");
	EQ(place.letter, 2, "it is the second");
	dbrief_lot_count(lot, &all);
	EQ(all.sheets, 2, "two sheets so far");
	EQ(dbrief_lot_finish(lot, &all, &err), DBRIEF_OK, "finished");
	EQ(all.pages, 4, "four pages");
	OK(dbrief_sink_memory(&out, &len) && len == all.bytes, "the sink was committed");
	EQ(strlen(all.sha256), 64, "its hash");
	EQ(add(lot, &one, &place, &err), DBRIEF_FATAL, "nothing can be added any more");
	EQ(dbrief_lot_finish(lot, NULL, &err), DBRIEF_FATAL, "nor can it be finished again");
	dbrief_lot_free(lot);
	dbrief_sink_dispose(&one);
	dbrief_sink_dispose(&two);
	dbrief_sink_dispose(&out);
}

static void test_picture(dbrief_engine *engine, dbrief_session *s, const char *folder)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbrief_letter_info info = DBRIEF_LETTER_INFO_INIT;
	struct dbrief_sink record, out;
	dbrief_lot *lot = NULL;
	dbrief_engine *other = host_engine(&host);
	char path[512], picture[512];

	snprintf(path, sizeof(path), "%s/letter.xml", folder);
	snprintf(picture, sizeof(picture), "%s/p.png", folder);
	OK(put(path, letter, sizeof(letter) - 1) && put(picture, pixel, sizeof(pixel)), "a letter with a picture");
	EQ(make_record(s, NULL, path, &record, &info, &err), DBRIEF_OK, "its record");
	IS(err.text, "", "without a word");
	IS(info.case_code, "K7Q3-9XB2-ABC1", "its case code is that of the document");
	EQ(dbrief_sink_init_memory(&out, &err), DBRIEF_OK, "a sink");
	EQ(dbrief_lot_new(&lot, engine, &out, NULL, &err), DBRIEF_OK, "a lot of the engine that made it");
	EQ(add(lot, &record, NULL, &err), DBRIEF_OK, "finds the picture");
	EQ(dbrief_lot_finish(lot, NULL, &err), DBRIEF_OK, "and is finished");
	dbrief_lot_free(lot);
	dbrief_sink_dispose(&out);
	unlink(picture);
	EQ(dbrief_engine_freeze(other, &err), DBRIEF_OK, "another engine");
	EQ(dbrief_sink_init_memory(&out, &err), DBRIEF_OK, "a sink");
	EQ(dbrief_lot_new(&lot, other, &out, NULL, &err), DBRIEF_OK, "and a lot, after the picture went");
	EQ(add(lot, &record, NULL, &err), DBRIEF_FAILED, "refuses the letter");
	EQ(dbrief_lot_finish(lot, NULL, &err), DBRIEF_FATAL, "nothing is in it");
	dbrief_lot_free(lot);
	dbrief_sink_dispose(&out);
	dbrief_sink_dispose(&record);
	dbrief_engine_free(other);
	unlink(path);
}

static void test_misuse(dbrief_engine *engine)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct counter c = { 0, 0, 0, 0, 0, 0 };
	struct dbrief_sink sink = counter_sink(&c), none = { 0 };
	struct dbrief_lot_opts opts = DBRIEF_LOT_OPTS_INIT;
	dbrief_lot *lot = NULL;

	EQ(dbrief_lot_new(NULL, engine, &sink, NULL, &err), DBRIEF_FATAL, "no place for the lot");
	EQ(dbrief_lot_new(&lot, engine, &none, NULL, &err), DBRIEF_FATAL, "an empty sink");
	EQ(dbrief_lot_new(&lot, NULL, &sink, NULL, &err), DBRIEF_FATAL, "no engine");
	EQ(c.aborts, 1, "the sink was aborted");
	opts.size = 2;
	EQ(dbrief_lot_new(&lot, engine, &sink, &opts, &err), DBRIEF_FATAL, "options without a size");
	EQ(dbrief_lot_new(&lot, engine, &sink, NULL, &err), DBRIEF_OK, "a lot");
	EQ(dbrief_lot_add(lot, "nonsense", 8, NULL, &err), DBRIEF_FAILED, "nonsense is refused");
	EQ(dbrief_lot_add(lot, NULL, 0, NULL, &err), DBRIEF_FAILED, "nothing likewise");
	c.aborts = 0;
	dbrief_lot_free(lot);
	EQ(c.aborts, 1, "a lot that is given up aborts its sink");
	EQ(c.commits, 0, "and never committed it");
	dbrief_lot_free(NULL);
	dbrief_lot_count(NULL, NULL);
	EQ(dbrief_lot_finish(NULL, NULL, &err), DBRIEF_FATAL, "no lot");
}

int main(void)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	dbrief_engine *engine = host_engine(&host);
	dbrief_session *session = NULL;
	dbrief_template *tmpl = NULL;
	char folder[64] = "lots-XXXXXX";

	if (!OK(mkdtemp(folder) && dbrief_engine_freeze(engine, &err) == DBRIEF_OK &&
	    dbrief_session_new(&session, engine, &err) == DBRIEF_OK &&
	    dbrief_template_load(&tmpl, engine, NULL, &err) == DBRIEF_OK, "an engine, a session, a template"))
		printf("# %s: %s\n", err.where, err.text);
	test_letters(engine, session, tmpl);
	test_picture(engine, session, folder);
	test_misuse(engine);
	rmdir(folder);
	dbrief_template_free(tmpl);
	dbrief_session_free(session);
	dbrief_engine_free(engine);
	return tap_done();
}
