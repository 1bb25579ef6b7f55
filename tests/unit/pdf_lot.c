/* SPDX-License-Identifier: MIT */
/*
 * Lots made of sample letters. With a folder as argument it only leaves lots
 * and the same letters alone there, for tests/pdf/lots.sh.
 */
#define _GNU_SOURCE /* memmem */
#include "pdf_sample.h"
#include "tap.h"
#include "pdf/lot.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A sink into memory, without the rules of the library's own. */
struct room { struct dbi_buf bytes; bool refuse; };

static int room_write(void *user, const void *bytes, size_t len, struct dbrief_error *err)
{
	struct room *room = user;
	if (room->refuse)
		return dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "room", "full");
	dbi_buf_add(&room->bytes, bytes, len);
	return room->bytes.failed ? dbrief_error_set(err, DBRIEF_FATAL, DBRIEF_CAUSE_MEMORY, "room", "full") : DBRIEF_OK;
}

static struct dbrief_sink room_sink(struct room *room)
{
	return (struct dbrief_sink){ sizeof(struct dbrief_sink), room_write, NULL, NULL, room };
}

static void put_code(struct dbi_pdf_meta *meta, char code[16], unsigned number)
{
	snprintf(code, 16, "K7Q3-%04u-ABC%u", number % 10000, number % 10);
	meta->case_code = code;
}

/* The n-th letter as a record, or as a file of its own. */
static int make(struct sample *s, unsigned n, bool alone, struct dbi_buf *out)
{
	struct dbi_pdf_meta meta;
	char code[16];
	sample_meta(&meta, NULL);
	put_code(&meta, code, n);
	sample_full_letter(s, n);
	memset(&s->err, 0, sizeof(s->err));
	int status = alone ? dbi_pdf_write(s->writer, s->shaper, &s->d, &meta, out, &s->err) :
	    dbi_pdf_spool(s->writer, s->shaper, &s->d, &meta, out, &s->err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", s->err.where, s->err.text);
	sample_end(s);
	return status;
}

static int add(dbi_lot *lot, const struct dbi_buf *bytes, struct dbi_lot_place *place, struct dbrief_error *err)
{
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_spool record;
	int status = dbi_spool_read(&record, &arena, bytes->data, bytes->len, err);
	if (status == DBRIEF_OK)
		status = dbi_lot_add(lot, &record, NULL, place, err);
	if (status != DBRIEF_OK)
		printf("# %s: %s\n", err->where, err->text);
	dbi_arena_dispose(&arena);
	return status;
}

/* A lot of letters 0 .. n-1. */
static bool make_lot(struct sample *s, unsigned n, bool duplex, struct room *room, char sha256[65])
{
	struct dbrief_sink sink = room_sink(room);
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_lot_place place;
	dbi_lot *lot = NULL;
	bool good = dbi_lot_new(&lot, s->fonts, &sink, NULL, duplex, &s->err) == DBRIEF_OK;
	for (unsigned i = 0; good && i < n; i++) {
		dbi_buf_clear(&bytes);
		good = make(s, i, false, &bytes) == DBRIEF_OK && add(lot, &bytes, &place, &s->err) == DBRIEF_OK;
	}
	good = good && dbi_lot_finish(lot, sha256, &s->err) == DBRIEF_OK;
	dbi_buf_dispose(&bytes);
	dbi_lot_free(lot);
	return good;
}

static bool save(const char *folder, const char *name, const struct dbi_buf *b)
{
	char path[400];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "wb");
	bool good = f && fwrite(b->data, 1, b->len, f) == b->len;
	return f && fclose(f) == 0 && good;
}

static int leave_files(const char *folder, unsigned n)
{
	struct sample s;
	char sha[65], name[40];
	struct room room = { DBI_BUF_INIT, false };
	bool good = sample_open(&s) && make_lot(&s, n, false, &room, sha) && save(folder, "lot.pdf", &room.bytes);
	dbi_buf_clear(&room.bytes);
	good = good && make_lot(&s, 3, true, &room, sha) && save(folder, "duplex.pdf", &room.bytes);
	for (unsigned i = 0; good && i < n; i++) {
		dbi_buf_clear(&room.bytes);
		snprintf(name, sizeof(name), "letter-%u.pdf", i);
		good = make(&s, i, true, &room.bytes) == DBRIEF_OK && save(folder, name, &room.bytes);
	}
	dbi_buf_dispose(&room.bytes);
	sample_close(&s);
	return !good;
}


static unsigned count(const struct dbi_buf *text, const char *what)
{
	unsigned n = 0;
	const char *at = text->data, *end = text->data + text->len;
	while (at && (at = memmem(at, (size_t)(end - at), what, strlen(what))) != NULL) {
		n++;
		at++;
	}
	return n;
}

static void test_same(struct sample *s)
{
	struct room a = { DBI_BUF_INIT, false }, b = { DBI_BUF_INIT, false };
	struct sample cold;
	struct dbi_buf text = DBI_BUF_INIT;
	char sha[65], again[65], own[65];
	OK(make_lot(s, 5, false, &a, sha), "a lot of five letters");
	OK(sample_open(&cold) && make_lot(&cold, 5, false, &b, again), "the same by cold writers");
	OK(a.bytes.len == b.bytes.len && memcmp(a.bytes.data, b.bytes.data, a.bytes.len) == 0, "equal records, equal bytes");
	dbi_sha256_hex(own, a.bytes.data, a.bytes.len);
	IS(sha, own, "the hash is that of the bytes");
	sample_unpack(&a.bytes, &text);
	EQ(count(&text, "/Type/Page/"), 15, "fifteen pages");
	EQ(count(&text, "/Type/FontDescriptor"), 2, "two faces, embedded once");
	EQ(count(&text, "/S/D/P("), 5, "labels begin five times");
	EQ(count(&text, "/Title(K7Q3-"), 5, "a bookmark a letter");
	EQ(count(&text, "/S/URI/URI(https:"), 5, "a link a letter");
	EQ(count(&text, "/MCID"), 0, "no marks");
	EQ(count(&text, "<pdfaid:conformance>B<"), 1, "the metadata claim 3b");
	EQ(count(&text, "pdfuaid:part"), 0, "and not PDF/UA");
	dbi_buf_dispose(&text);
	sample_close(&cold);
	dbi_buf_dispose(&a.bytes);
	dbi_buf_dispose(&b.bytes);
}

static void test_places(struct sample *s)
{
	struct room room = { DBI_BUF_INIT, false };
	struct dbrief_sink sink = room_sink(&room);
	struct dbi_buf bytes = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_lot_place place = { 0, 0, 0, 0 };
	dbi_lot *lot = NULL;
	char sha[65];
	make(s, 1, false, &bytes);
	EQ(dbi_lot_new(&lot, s->fonts, &sink, "Los", true, &s->err), DBRIEF_OK, "a lot for both sides");
	EQ(add(lot, &bytes, &place, &s->err), DBRIEF_OK, "a letter of three pages");
	EQ(place.first_page, 1, "on page one");
	EQ(place.pages, 3, "three pages");
	EQ(place.sheets, 2, "two sheets");
	EQ(add(lot, &bytes, &place, &s->err), DBRIEF_OK, "another one");
	EQ(place.letter, 2, "is the second");
	EQ(place.first_page, 5, "begins on a front");
	EQ(dbi_lot_pages(lot), 8, "eight pages, two of them blank");
	EQ(dbi_lot_sheets(lot), 4, "four sheets");
	EQ(dbi_lot_finish(lot, sha, &s->err), DBRIEF_OK, "finished");
	EQ(dbi_lot_bytes(lot), (long long)room.bytes.len, "all bytes have gone to the sink");
	sample_unpack(&room.bytes, &text);
	EQ(count(&text, "/Duplex/DuplexFlipLongEdge"), 1, "the file asks for both sides");
	EQ(count(&text, "/Title(Los)"), 1, "it has the title given");
	dbi_lot_free(lot);
	dbi_buf_dispose(&room.bytes);
	dbi_buf_dispose(&bytes);
	dbi_buf_dispose(&text);
}

static void test_damage(struct sample *s)
{
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_spool record;
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	unsigned refused = 0, tried = 0;
	make(s, 3, false, &bytes);
	EQ(dbi_spool_read(&record, &arena, bytes.data, bytes.len, &err), DBRIEF_OK, "a record is read");
	IS(record.case_code, "K7Q3-0003-ABC3", "it has its case code");
	EQ(record.n_pages, 3, "three pages");
	for (size_t i = 0; i < bytes.len; i += 7, tried++) {
		bytes.data[i] ^= 0x10;
		memset(&err, 0, sizeof(err));
		refused += dbi_spool_read(&record, &arena, bytes.data, bytes.len, &err) == DBRIEF_FAILED;
		bytes.data[i] ^= 0x10;
		dbi_arena_reset(&arena);
	}
	EQ(refused, tried, "a changed byte is refused wherever it is");
	EQ(dbi_spool_read(&record, &arena, bytes.data, bytes.len - 1, NULL), DBRIEF_FAILED, "a record cut short is refused");
	EQ(dbi_spool_read(&record, &arena, bytes.data, 3, NULL), DBRIEF_FAILED, "three bytes are refused");
	EQ(dbi_spool_read(&record, &arena, NULL, 0, NULL), DBRIEF_FAILED, "nothing is refused");
	dbi_arena_dispose(&arena);
	dbi_buf_dispose(&bytes);
}

/* Every field of a record with its hash made right again: never a crash, whatever the lengths say. */
static void test_hostile(struct sample *s)
{
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_spool record;
	unsigned read = 0;
	make(s, 4, false, &bytes);
	for (size_t i = 8; i + 16 < bytes.len && i < 2000; i++) {
		unsigned char before = (unsigned char)bytes.data[i];
		bytes.data[i] = (char)(before ^ 0xFF);
		dbi_blake2b((unsigned char *)bytes.data + bytes.len - 16, 16, bytes.data, bytes.len - 16, NULL, 0);
		int status = dbi_spool_read(&record, &arena, bytes.data, bytes.len, NULL);
		read += status == DBRIEF_OK || status == DBRIEF_FAILED;
		bytes.data[i] = (char)before;
		dbi_arena_reset(&arena);
	}
	OK(read > 1500, "hostile lengths are refused or harmless");
	dbi_arena_dispose(&arena);
	dbi_buf_dispose(&bytes);
}

static void test_other_fonts(struct sample *s)
{
	struct room room = { DBI_BUF_INIT, false };
	struct dbrief_sink sink = room_sink(&room);
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_lot_place place;
	struct dbi_spool record;
	dbi_lot *lot = NULL;
	make(s, 3, false, &bytes);
	EQ(dbi_lot_new(&lot, s->fonts, &sink, NULL, false, &s->err), DBRIEF_OK, "a lot");
	EQ(dbi_spool_read(&record, &arena, bytes.data, bytes.len, &s->err), DBRIEF_OK, "a record");
	record.faces[0].identity++;
	EQ(dbi_lot_add(lot, &record, NULL, &place, NULL), DBRIEF_FAILED, "a record of another font is refused");
	record.faces[0].identity--;
	record.faces[1].face = 5000;
	EQ(dbi_lot_add(lot, &record, NULL, &place, NULL), DBRIEF_FAILED, "so is one of a face that does not exist");
	EQ(dbi_lot_letters(lot), 0, "the lot is as it was");
	EQ(dbi_lot_finish(lot, (char[65]){ 0 }, NULL), DBRIEF_FATAL, "a lot without letters is refused");
	dbi_lot_free(lot);
	dbi_arena_dispose(&arena);
	dbi_buf_dispose(&bytes);
	dbi_buf_dispose(&room.bytes);
}

/* The same glyph stands for other text in another letter: each has its own map. */
static void test_conflict(struct sample *s)
{
	struct room room = { DBI_BUF_INIT, false };
	struct dbrief_sink sink = room_sink(&room);
	struct dbi_buf bytes = DBI_BUF_INIT, text = DBI_BUF_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_lot_place place;
	struct dbi_spool record;
	dbi_lot *lot = NULL;
	char sha[65];
	const struct dbi_pdf_face *face = dbi_pdf_face(s->fonts, s->regular, &s->err);
	uint16_t gid = 1;
	while (gid < face->info->n_glyphs && face->chars[gid])
		gid++;
	struct dbi_glyph_note notes[3] = { { gid, 2, "ab" }, { gid, 2, "cd" }, { gid, 2, "ab" } };
	unsigned char used[2] = { (unsigned char)gid, (unsigned char)(gid >> 8) };
	make(s, 2, false, &bytes);
	EQ(dbi_lot_new(&lot, s->fonts, &sink, NULL, false, &s->err), DBRIEF_OK, "a lot");
	EQ(dbi_spool_read(&record, &arena, bytes.data, bytes.len, &s->err), DBRIEF_OK, "a record");
	struct dbi_spool_face *f = record.faces[0].face == s->regular ? &record.faces[0] : &record.faces[1];
	f->glyphs = used;
	f->n_glyphs = f->n_notes = 1;
	for (int i = 0; i < 3; i++) {
		f->notes = &notes[i];
		EQ(dbi_lot_add(lot, &record, NULL, &place, &s->err), DBRIEF_OK, "a letter with its text of a glyph");
	}
	EQ(dbi_lot_finish(lot, sha, &s->err), DBRIEF_OK, "finished");
	sample_unpack(&room.bytes, &text);
	EQ(count(&text, "><00610062>\n"), 1, "the glyph is read as the first letter means it");
	EQ(count(&text, "><00630064>\n"), 1, "and as the second one does");
	EQ(count(&text, "/Subtype/Type0"), 3, "the third shares with the first");
	EQ(count(&text, "/Type/FontDescriptor"), 2, "the font is embedded once");
	dbi_lot_free(lot);
	dbi_arena_dispose(&arena);
	dbi_buf_dispose(&bytes);
	dbi_buf_dispose(&text);
	dbi_buf_dispose(&room.bytes);
}

static void test_refusal(struct sample *s)
{
	struct room room = { DBI_BUF_INIT, true };
	struct dbrief_sink sink = room_sink(&room);
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_lot_place place;
	dbi_lot *lot = NULL;
	int status = DBRIEF_OK;
	make(s, 1, false, &bytes);
	EQ(dbi_lot_new(&lot, s->fonts, &sink, NULL, false, &err), DBRIEF_OK, "a lot into a full disk");
	for (int i = 0; i < 200 && status == DBRIEF_OK; i++)
		status = add(lot, &bytes, &place, &err);
	EQ(status, DBRIEF_FATAL, "what the sink says is what the lot says");
	IS(err.where, "room", "in its words");
	EQ(dbi_lot_add(lot, NULL, NULL, &place, NULL), DBRIEF_FATAL, "the lot is over");
	EQ(dbi_lot_finish(lot, (char[65]){ 0 }, NULL), DBRIEF_FATAL, "and cannot be finished");
	dbi_lot_free(lot);
	dbi_buf_dispose(&bytes);
	dbi_buf_dispose(&room.bytes);
}

/* One record so often that offsets and numbers are beyond what 24 and 16 bits hold. */
static bool make_large(struct sample *s, unsigned n, struct room *room)
{
	struct dbrief_sink sink = room_sink(room);
	struct dbi_buf bytes = DBI_BUF_INIT;
	struct dbi_arena arena = DBI_ARENA_INIT;
	struct dbi_lot_place place;
	struct dbi_spool record;
	dbi_lot *lot = NULL;
	char sha[65];
	bool good = make(s, 9, false, &bytes) == DBRIEF_OK && dbi_lot_new(&lot, s->fonts, &sink, NULL, false, &s->err) == DBRIEF_OK &&
	    dbi_spool_read(&record, &arena, bytes.data, bytes.len, &s->err) == DBRIEF_OK;
	for (unsigned i = 0; good && i < n; i++)
		good = dbi_lot_add(lot, &record, NULL, &place, &s->err) == DBRIEF_OK;
	good = good && dbi_lot_finish(lot, sha, &s->err) == DBRIEF_OK;
	dbi_lot_free(lot);
	dbi_arena_dispose(&arena);
	dbi_buf_dispose(&bytes);
	return good;
}

/* Undoes the predictor; returns the number of entries. */
static size_t read_table(const struct dbi_buf *pdf, unsigned char **table)
{
	const char *last = memmem(pdf->data + pdf->len - 60, 60, "startxref\n", 10);
	const char *s = pdf->data + strtoul(last + 10, NULL, 10);
	const char *size = memmem(s, 200, "/Size ", 6), *body = memmem(s, 500, ">>stream\n", 9);
	size_t n = strtoul(size + 6, NULL, 10);
	uLongf len = n * 9;
	unsigned char *rows = malloc(len);
	*table = calloc(n, 8);
	if (!rows || uncompress(rows, &len, (const Bytef *)body + 9, (size_t)(pdf->data + pdf->len - body)) != Z_OK)
		n = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 8; k++)
			(*table)[8 * i + k] = (unsigned char)(rows[9 * i + 1 + k] + (i ? (*table)[8 * (i - 1) + k] : 0));
	free(rows);
	return n;
}

static void test_large(struct sample *s)
{
	struct room room = { DBI_BUF_INIT, false };
	unsigned char *table = NULL;
	size_t n, wrong = 0, free_entries = 0, far = 0, late = 0;
	char want[32];
	OK(make_large(s, 8400, &room), "a lot of 8,400 letters");
	printf("# %zu bytes, %zu a letter\n", room.bytes.len, room.bytes.len / 8400);
	OK(room.bytes.len / 8400 < 8000, "a letter of three pages takes less than 8 KB");
	n = read_table(&room.bytes, &table);
	OK(n > 65536, "it has more than 65,536 objects");
	for (size_t i = 1; i < n; i++) {
		const unsigned char *e = table + 8 * i;
		size_t a = (size_t)e[1] << 32 | (size_t)e[2] << 24 | (size_t)e[3] << 16 | (size_t)e[4] << 8 | e[5];
		int len = snprintf(want, sizeof(want), "%zu 0 obj\n", i);
		free_entries += e[0] == 0;
		far += e[0] == 1 && a >= 1 << 24;
		late += e[0] == 2 && a > 65535;
		wrong += e[0] == 1 && (a + 32 > room.bytes.len || memcmp(room.bytes.data + a, want, (size_t)len) != 0);
		wrong += e[0] == 2 && table[8 * a] != 1;
	}
	EQ(wrong, 0, "every entry leads to its object");
	EQ(free_entries, 0, "every number is used");
	OK(far > 0, "some stand beyond 16 MiB");
	OK(late > 0, "some in object streams beyond number 65,535");
	free(table);
	dbi_buf_dispose(&room.bytes);
}

/* Lets each allocation fail once: a clean error or the right bytes. */
static void test_memory(struct sample *s)
{
	struct room want = { DBI_BUF_INIT, false }, got = { DBI_BUF_INIT, false };
	unsigned wrong = 0, clean = 0;
	unsigned long step = getenv("DATENBRIEF_SLOW") ? 17 : 1;
	char sha[65];
	OK(make_lot(s, 2, true, &want, sha), "a lot to compare with");
	dbi_mem_fail_at(0, false);
	for (unsigned long i = 1; i < 3000; i += step) {
		dbi_buf_clear(&got.bytes);
		unsigned long before = dbi_mem_count();
		dbi_mem_fail_at(i, false);
		bool good = make_lot(s, 2, true, &got, sha);
		bool hit = dbi_mem_count() - before >= i;
		dbi_mem_fail_at(0, false);
		if (good && (got.bytes.len != want.bytes.len || memcmp(got.bytes.data, want.bytes.data, want.bytes.len) != 0))
			wrong++;
		clean += !good;
		if (good && !hit)
			break;
	}
	EQ(wrong, 0, "no wrong file when memory runs out");
	OK(clean > 3, "but errors");
	dbi_buf_dispose(&want.bytes);
	dbi_buf_dispose(&got.bytes);
}

int main(int argc, char **argv)
{
	struct sample s;
	dbi_hash_init();
	if (argc > 1)
		return leave_files(argv[1], argc > 2 ? (unsigned)atoi(argv[2]) : 6);
	if (!OK(sample_open(&s), "fonts and a writer"))
		return tap_done();
	test_same(&s);
	test_places(&s);
	test_damage(&s);
	test_hostile(&s);
	test_other_fonts(&s);
	test_conflict(&s);
	test_refusal(&s);
	test_large(&s);
	test_memory(&s);
	sample_close(&s);
	return tap_done();
}
