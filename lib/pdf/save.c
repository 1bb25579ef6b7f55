/* SPDX-License-Identifier: MIT */
#include "pdf/save.h"

#include <string.h>

#include "pdf/strings.h"
#include "util/limits.h"

/* Objects of one object stream: readers unpack a whole one for any of its objects. */
#define STREAM_OBJECTS 4000
#define ENTRY_SIZE 8           /* W[1 4 3]; the predictor makes the width cost nothing */

struct saver {
	struct dbi_save *s;
	struct dbi_doc *doc;
	const struct dbi_tags *tags;
	dbi_deflater *z;
	struct dbi_buf *out;
	uint64_t digest[2];      /* of what the identifier depends on */
	size_t start;            /* of the file in out */
	size_t count;            /* objects before the object streams */
	size_t next;             /* number of the next object stream */
	size_t in_stream;        /* objects in the open one */
};

void dbi_save_dispose(struct dbi_save *s)
{
	dbi_buf_dispose(&s->head);
	dbi_buf_dispose(&s->body);
	dbi_buf_dispose(&s->table);
}

/* Cross-reference entry of an object: type, offset or stream, generation or index. */
static void set_entry(struct saver *v, size_t number, unsigned type, size_t a, size_t b)
{
	if (v->s->table.failed || (number + 1) * ENTRY_SIZE > v->s->table.len)
		return;
	unsigned char *e = (unsigned char *)v->s->table.data + number * ENTRY_SIZE;
	const unsigned char entry[ENTRY_SIZE] = { (unsigned char)type, (unsigned char)(a >> 24), (unsigned char)(a >> 16),
		(unsigned char)(a >> 8), (unsigned char)a, (unsigned char)(b >> 16), (unsigned char)(b >> 8), (unsigned char)b };
	memcpy(e, entry, sizeof(entry));
}

/* Lengthens the table to n entries, the new ones free. */
static void extend_table(struct saver *v, size_t n)
{
	size_t more = n * ENTRY_SIZE - v->s->table.len;
	char *room = dbi_buf_room(&v->s->table, more);
	if (!room)
		return;
	memset(room, 0, more);
	v->s->table.len += more;
}

/*
 * The identifier is the content: equal files, equal identifiers. It protects
 * nothing, so that two quick hashes, each a bijection of its state a step, do.
 * Fonts, profile and metadata are left out: their names and texts are in the objects.
 */
static void add_digest(struct saver *v, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t a = v->digest[0] ^ len, b = v->digest[1] + len, word = 0;
	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		a = (a ^ word) * 0x9E3779B97F4A7C15u;
		a ^= a >> 32;
		b = (b + word) * 0xC2B2AE3D27D4EB4Fu;
		b ^= b >> 29;
	}
	for (; len; len--)
		word = word << 8 | *p++;
	v->digest[0] = (a ^ word) * 0x9E3779B97F4A7C15u;
	v->digest[1] = (b + word) * 0xC2B2AE3D27D4EB4Fu;
}

static void add_uint(struct dbi_buf *out, size_t n)
{
	char *p = dbi_buf_room(out, DBI_NUMBER_ROOM);
	if (p)
		out->len += (size_t)(dbi_put_uint(p, (uint32_t)n) - p);
}

static void write_stream(struct saver *v, size_t number, const char *body, size_t len, const void *data, size_t data_len)
{
	struct dbi_buf *out = v->out;
	set_entry(v, number, 1, out->len - v->start, 0);
	add_uint(out, number);
	dbi_buf_adds(out, " 0 obj\n<<");
	dbi_buf_add(out, body, len);
	dbi_buf_adds(out, "/Length ");
	add_uint(out, data_len);
	dbi_buf_adds(out, ">>stream\n");
	dbi_buf_add(out, data, data_len);
	dbi_buf_adds(out, "\nendstream\nendobj\n");
}

static void end_object_stream(struct saver *v)
{
	struct dbi_save *s = v->s;
	struct dbi_buf *out = v->out;
	size_t number = v->next, first = s->head.len;

	if (!v->in_stream)
		return;
	dbi_buf_add(&s->head, s->body.data, s->body.len);
	if (s->head.failed || s->body.failed) {
		out->failed = true;
		return;
	}
	struct dbi_buf packed = DBI_BUF_INIT, body = DBI_BUF_INIT;
	dbi_deflate(v->z, s->head.data, s->head.len, &packed);
	dbi_buf_adds(&body, "/Type/ObjStm/N ");
	add_uint(&body, v->in_stream);
	dbi_buf_adds(&body, "/First ");
	add_uint(&body, first);
	dbi_buf_adds(&body, "/Filter/FlateDecode");
	extend_table(v, number + 1);
	if (packed.failed || body.failed)
		out->failed = true;
	else
		write_stream(v, number, body.data, body.len, packed.data, packed.len);
	if (!packed.failed)
		add_digest(v, packed.data, packed.len);
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&body);
	v->next++;
	v->in_stream = 0;
	dbi_buf_clear(&s->head);
	dbi_buf_clear(&s->body);
}

/* Says where the object starts whose value is appended to the body next. */
static void begin_object(struct saver *v, size_t number)
{
	if (v->in_stream == STREAM_OBJECTS)
		end_object_stream(v);
	struct dbi_save *s = v->s;
	set_entry(v, number, 2, v->next, v->in_stream++);
	char *room = dbi_buf_room(&s->head, 2 * DBI_NUMBER_ROOM);
	if (!room)
		return;
	char *p = dbi_put_uint(room, (uint32_t)number);
	*p++ = ' ';
	p = dbi_put_uint(p, (uint32_t)s->body.len);
	*p++ = ' ';
	s->head.len += (size_t)(p - room);
}

static void write_streams(struct saver *v)
{
	for (size_t i = 1; i < dbi_doc_count(v->doc); i++) {
		const struct dbi_raw *raw = NULL;
		if (dbi_doc_object(v->doc, i, &raw) != DBI_OBJECT_RAW || !raw->data)
			continue;
		write_stream(v, i, raw->body, raw->len, raw->data, raw->data_len);
		if (!raw->stock)
			add_digest(v, raw->data, raw->data_len);
	}
}

static void write_objects(struct saver *v)
{
	struct dbi_buf *body = &v->s->body;
	for (size_t i = 1; i < dbi_doc_count(v->doc); i++) {
		const struct dbi_raw *raw = NULL;
		enum dbi_object_kind kind = dbi_doc_object(v->doc, i, &raw);
		if (kind == DBI_OBJECT_FREE || (kind == DBI_OBJECT_RAW && raw->data))
			continue;
		begin_object(v, i);
		if (kind == DBI_OBJECT_RAW) {
			dbi_buf_add(body, "<<", 2);
			dbi_buf_add(body, raw->body, raw->len);
			dbi_buf_add(body, ">>", 2);
		} else {
			dbi_doc_write_value(v->doc, i, body);
			dbi_buf_addc(body, '\n'); /* two numbers must not become one */
		}
	}
}

static void write_elements(struct saver *v, uint32_t root, const uint32_t *page_numbers)
{
	struct dbi_buf *body = &v->s->body;
	uint32_t base = (uint32_t)dbi_doc_count(v->doc);
	for (dbi_elem e = 0; e < v->tags->d->n_elements; e++) {
		begin_object(v, base + e);
		dbi_tags_write_element(v->tags, e, root, base, page_numbers, body);
	}
}

/* Free entries form a list that starts and ends at 0. */
static void chain_free(struct saver *v)
{
	size_t n = v->s->table.len / ENTRY_SIZE, last = 0;
	const unsigned char *table = (const unsigned char *)v->s->table.data;
	for (size_t i = 1; i < n; i++) {
		if (table[i * ENTRY_SIZE] != 0)
			continue;
		set_entry(v, last, 0, i, last ? 1 : 65535);
		last = i;
	}
	set_entry(v, last, 0, 0, last ? 1 : 65535);
}

/* PNG Up: each row as the difference to the one above. */
static void predict(const struct dbi_buf *table, struct dbi_buf *out)
{
	const unsigned char *t = (const unsigned char *)table->data;
	size_t n = table->len / ENTRY_SIZE;
	char *p = dbi_buf_room(out, n * (ENTRY_SIZE + 1));
	if (!p)
		return;
	for (size_t i = 0; i < n; i++) {
		*p++ = 2;
		for (size_t k = 0; k < ENTRY_SIZE; k++)
			*p++ = (char)(t[i * ENTRY_SIZE + k] - (i ? t[(i - 1) * ENTRY_SIZE + k] : 0));
	}
	out->len += n * (ENTRY_SIZE + 1);
}

static void add_identifier(struct dbi_buf *body, const uint64_t digest[2])
{
	char hex[33];
	for (int i = 0; i < 32; i++)
		hex[i] = "0123456789ABCDEF"[digest[i / 16] >> (60 - 4 * (i % 16)) & 15];
	hex[32] = '\0';
	dbi_buf_addf(body, "/ID[<%s><%s>]", hex, hex);
}

static void write_table(struct saver *v)
{
	struct dbi_buf rows = DBI_BUF_INIT, packed = DBI_BUF_INIT, body = DBI_BUF_INIT;
	size_t number = v->next, place = v->out->len - v->start;

	extend_table(v, number + 1);
	set_entry(v, number, 1, place, 0);
	chain_free(v);
	predict(&v->s->table, &rows);
	if (!rows.failed)
		dbi_deflate(v->z, rows.data, rows.len, &packed);
	dbi_buf_addf(&body, "/Type/XRef/W[1 4 3]/Size %zu/Root %lu 0 R/Info %lu 0 R", number + 1,
	    (unsigned long)dbi_doc_root(v->doc), (unsigned long)dbi_doc_info_number(v->doc));
	add_identifier(&body, v->digest);
	dbi_buf_adds(&body, "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>");
	if (rows.failed || packed.failed || body.failed || v->s->table.failed)
		v->out->failed = true;
	else
		write_stream(v, number, body.data, body.len, packed.data, packed.len);
	dbi_buf_addf(v->out, "startxref\n%zu\n%%%%EOF\n", place);
	dbi_buf_dispose(&rows);
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&body);
}

int dbi_save(struct dbi_save *s, struct dbi_doc *doc, const struct dbi_tags *tags, uint32_t root,
    const uint32_t *page_numbers, dbi_deflater *z, struct dbi_buf *out, struct dbrief_error *err)
{
	struct saver v = { .s = s, .doc = doc, .tags = tags, .z = z, .out = out, .start = out->len };

	v.count = dbi_doc_count(doc) + tags->d->n_elements;
	v.next = v.count;
	if (v.count > (1u << 23) - 1000) /* the most objects PDF/A allows */
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "pdf",
		    "the letter has more than 8 million parts; let it show fewer records");
	dbi_buf_clear(&s->head);
	dbi_buf_clear(&s->body);
	dbi_buf_clear(&s->table);
	extend_table(&v, v.count);
	dbi_buf_adds(out, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
	write_streams(&v);
	write_objects(&v);
	write_elements(&v, root, page_numbers);
	end_object_stream(&v);
	write_table(&v);
	int status = dbi_doc_check(doc, err);
	if (status != DBRIEF_OK)
		return status;
	if (!out->failed && out->len - v.start > DBI_MAX_PDF_BYTES)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "pdf",
		    "the letter is larger than %u bytes; let it show fewer records", DBI_MAX_PDF_BYTES);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}
