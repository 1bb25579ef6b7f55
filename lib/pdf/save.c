/* SPDX-License-Identifier: MIT */
#include "pdf/save.h"

#include <string.h>

#include "pdf/strings.h"
#include "util/limits.h"
#include "util/mem.h"

/* Objects of one object stream: readers unpack a whole one for any of its objects. */
#define STREAM_OBJECTS 4000
/*
 * Structure elements stand in slots of 100 bytes, and in the first object
 * stream at 100 times their number, so that neither the list of their places
 * nor the blanks between them take room once they are deflated. Where objects
 * would stand one behind the other, the list is a sixth of the whole stream.
 */
#define SLOT DBI_SLOT
#define MOST_BEFORE 1000 /* objects before the elements, which leave 100 blanks each */
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
	size_t origin;           /* number of the element whose slot is at the start of the open one */
	dbi_elem last;           /* the element in the slot before, */
	struct dbi_tags_text last_text; /* and what it is like; nothing is known where there is none */
	size_t base;             /* number of the first element */
	size_t first;            /* number of the object at the start */
	uint32_t root;           /* of the StructTreeRoot */
	const uint32_t *page_numbers;
};

void dbi_save_dispose(struct dbi_save *s)
{
	dbi_object_stream_dispose(&s->stream);
	dbi_buf_dispose(&s->table);
	dbi_lz_tokens_dispose(&s->rows);
	dbi_free(s->waiting);
	s->waiting = NULL;
	s->cap_waiting = 0;
}

void dbi_save_trim(struct dbi_save *s)
{
	dbi_object_stream_trim(&s->stream);
	dbi_buf_trim(&s->table, DBI_KEEP_BUF);
	dbi_lz_tokens_trim(&s->rows, DBI_KEEP_BUF);
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

/* The length of a reference with a blank before it, " 123 0 R", of the longest numbers. */
static size_t reference_length(const struct saver *v)
{
	char text[DBI_NUMBER_ROOM];
	return (size_t)(dbi_put_uint(text, (uint32_t)v->count) - text) + 5;
}

/* Says where in the open stream an object stands. */
static void list_object(struct saver *v, size_t number, size_t place)
{
	set_entry(v, number, 2, v->next, v->s->stream.n);
	dbi_object_stream_list(&v->s->stream, (uint32_t)number, place);
}

/* An element that does not fit into its slot stands behind all others. */
static void put_off(struct saver *v, size_t number)
{
	struct dbi_save *s = v->s;
	if (dbi_grow(&s->waiting, &s->cap_waiting, s->n_waiting + 1, sizeof(*s->waiting), SIZE_MAX))
		s->waiting[s->n_waiting++] = (uint32_t)number;
	else
		s->stream.body.failed = true;
}

static struct dbi_tags_text write_element(struct saver *v, dbi_elem elem)
{
	return dbi_tags_write_element(v->tags, elem, v->root, v->page_numbers, &v->s->stream.body);
}

static void add_waiting(struct saver *v)
{
	struct dbi_save *s = v->s;
	struct dbi_object_stream *os = &s->stream;
	size_t reference = reference_length(v), last = 0;

	for (size_t i = 0; i < s->n_waiting; i++) {
		size_t from = os->body.len;
		list_object(v, s->waiting[i], from);
		(void)write_element(v, v->tags->order[s->waiting[i] - v->base]);
		dbi_object_stream_follow(os, reference, reference - 1, last);
		last = os->body.len - from;
	}
	s->n_waiting = 0;
}

static void end_object_stream(struct saver *v)
{
	struct dbi_save *s = v->s;
	struct dbi_buf packed = DBI_BUF_INIT, body = DBI_BUF_INIT;
	size_t number = v->next;

	add_waiting(v);
	if (!s->stream.n)
		return;
	dbi_buf_adds(&body, "/Type/ObjStm/N ");
	add_uint(&body, s->stream.n);
	dbi_buf_adds(&body, "/First ");
	add_uint(&body, s->stream.head.len);
	dbi_buf_adds(&body, "/Filter/FlateDecode");
	extend_table(v, number + 1);
	if (dbi_object_stream_pack(&s->stream, v->z, &packed) && !body.failed) {
		write_stream(v, number, body.data, body.len, packed.data, packed.len);
		add_digest(v, packed.data, packed.len);
	} else {
		v->out->failed = true;
	}
	dbi_buf_dispose(&packed);
	dbi_buf_dispose(&body);
	v->next++;
	dbi_object_stream_clear(&s->stream);
	dbi_tags_forget_places(v->tags);
	v->last_text.n = 0;
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

/* Ends the open stream when it is full; true when it did. */
static bool make_room(struct saver *v)
{
	if (v->s->stream.n + v->s->n_waiting < STREAM_OBJECTS)
		return false;
	end_object_stream(v);
	return true;
}

static size_t slots(size_t len)
{
	return (len + SLOT - 1) / SLOT;
}

/* Blanks up to a place in the slots. */
static void add_blanks(struct saver *v, size_t place)
{
	struct dbi_buf *body = &v->s->stream.body;
	char *p = place > body->len ? dbi_buf_room(body, place - body->len) : NULL;
	if (!p)
		return;
	memset(p, ' ', place - body->len);
	body->len = place;
}

_Static_assert(DBI_TAGS_NUMBERS <= DBI_SLOT_NUMBERS, "an element has no more numbers than a slot can replace");

/* Where the element differs from the last one in numbers alone, there is little to do. */
static bool repeat_slot(struct saver *v, dbi_elem elem)
{
	struct dbi_object_stream *os = &v->s->stream;
	struct dbi_tags_text *last = &v->last_text;
	uint32_t numbers[DBI_TAGS_NUMBERS] = { 0 };

	if (!dbi_tags_numbers(v->tags, elem, v->last, last, os->body.len, numbers) ||
	    !dbi_object_stream_repeat(os, last->at, numbers, last->numbers, last->n))
		return false;
	memcpy(last->numbers, numbers, sizeof(numbers));
	return true;
}

/* Writes an element into its slot; false when it is larger. At the start of the body readers want one of whatever size. */
static bool fill_slot(struct saver *v, dbi_elem elem)
{
	struct dbi_object_stream *os = &v->s->stream;
	size_t from = os->body.len;
	struct dbi_tags_text text = write_element(v, elem);

	v->last_text.n = 0;
	if (os->body.len > from + SLOT && from) {
		os->body.len = from;
		return false;
	}
	if (os->body.len <= from + SLOT)
		v->last_text = text;
	add_blanks(v, from + slots(os->body.len - from) * SLOT);
	/* It is like the one before, a list like itself, and blanks are like blanks. */
	dbi_object_stream_follow(os, SLOT, 1, text.reference);
	return true;
}

static void write_elements(struct saver *v)
{
	struct dbi_object_stream *os = &v->s->stream;

	/* Many objects before: no relation to the number, the slots follow at once. */
	v->origin = v->base <= MOST_BEFORE && os->body.len <= v->base * SLOT ? 0 : v->base - slots(os->body.len);
	for (size_t number = v->base; number < v->count; number++) {
		dbi_elem elem = v->tags->order[number - v->base];
		if (make_room(v))
			v->origin = number;
		size_t place = (number - v->origin) * SLOT;
		if (place > os->body.len) {
			add_blanks(v, place);
			dbi_object_stream_follow(os, 1, 0, 0);
		}
		if (!repeat_slot(v, elem) && !fill_slot(v, elem)) {
			put_off(v, number);
			continue;
		}
		list_object(v, number, place);
		v->last = elem;
		v->origin = number + 1 - os->body.len / SLOT;
	}
}

/* The StructTreeRoot with the ParentTree. */
static void write_root(struct saver *v)
{
	struct dbi_object_stream *os = &v->s->stream;

	add_waiting(v);
	(void)make_room(v);
	list_object(v, v->root, os->body.len);
	dbi_tags_write_root(v->tags, os);
}

/* An object of libharu's. */
static void write_object(struct saver *v, size_t number)
{
	struct dbi_buf *body = &v->s->stream.body;
	const struct dbi_raw *raw = NULL;

	list_object(v, number, body->len);
	if (dbi_doc_object(v->doc, number, &raw) == DBI_OBJECT_RAW) {
		dbi_buf_add(body, "<<", 2);
		dbi_buf_add(body, raw->body, raw->len);
		dbi_buf_add(body, ">>", 2);
	} else {
		dbi_doc_write_value(v->doc, number, body);
		dbi_buf_addc(body, '\n'); /* two numbers must not become one */
	}
}

static bool is_written_last(const struct saver *v, size_t number, const struct dbi_raw **raw)
{
	enum dbi_object_kind kind = dbi_doc_object(v->doc, number, raw);
	return number != v->root && number != v->first && (kind == DBI_OBJECT_VALUE || (kind == DBI_OBJECT_RAW && !(*raw)->data));
}

/* A short object stands at the start, where poppler wants one; the room before the elements mostly stays blank. */
static void write_first(struct saver *v)
{
	size_t number = dbi_doc_root(v->doc);
	const struct dbi_raw *raw = NULL;

	for (size_t i = 1; i < v->base; i++, raw = NULL)
		if (is_written_last(v, i, &raw) && raw && raw->len < SLOT) {
			number = i;
			break;
		}
	v->first = number;
	write_object(v, number);
	dbi_object_stream_follow(&v->s->stream, 0, 0, 0);
}

/* libharu's objects that are no streams. */
static void write_objects(struct saver *v)
{
	for (size_t i = 1; i < v->base; i++) {
		const struct dbi_raw *raw = NULL;
		if (!is_written_last(v, i, &raw))
			continue;
		(void)make_room(v);
		write_object(v, i);
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

/* Eight differences of bytes at once. */
static uint64_t subtract_bytes(uint64_t a, uint64_t b)
{
	const uint64_t high = 0x8080808080808080u;
	return ((a | high) - (b & ~high)) ^ ((a ^ ~b) & high);
}

/* PNG Up: each row as the difference to the one above; most rows then are equal. */
static void predict(const struct dbi_buf *table, struct dbi_buf *out, struct dbi_lz_tokens *tokens)
{
	size_t n = table->len / ENTRY_SIZE, row = ENTRY_SIZE + 1;
	uint64_t above = 0, entry, last = 0;
	char *p = dbi_buf_room(out, n * row);
	if (!p)
		return;
	for (size_t i = 0; i < n; i++, p += row, above = entry) {
		memcpy(&entry, table->data + i * ENTRY_SIZE, sizeof(entry));
		uint64_t difference = subtract_bytes(entry, above);
		p[0] = 2;
		memcpy(p + 1, &difference, sizeof(difference));
		if (i && difference == last)
			dbi_lz_tokens_same(tokens, (unsigned char *)p, row, (uint32_t)row);
		else
			dbi_lz_tokens_follow(tokens, (unsigned char *)p, row, i * row, (const uint32_t[DBI_LZ_DISTANCES]){ (uint32_t)row, 0, 0 });
		last = difference;
	}
	out->len += n * row;
	if (tokens->run)
		dbi_lz_tokens_end_run(tokens, (unsigned char *)p);
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
	struct dbi_lz_tokens *tokens = &v->s->rows;
	size_t number = v->next, place = v->out->len - v->start;

	extend_table(v, number + 1);
	set_entry(v, number, 1, place, 0);
	chain_free(v);
	dbi_lz_tokens_clear(tokens);
	predict(&v->s->table, &rows, tokens);
	if (!rows.failed && !tokens->failed)
		dbi_deflate_parts(v->z, &(struct dbi_lz_part){ (unsigned char *)rows.data, rows.len, tokens }, 1, &packed);
	dbi_buf_addf(&body, "/Type/XRef/W[1 4 3]/Size %zu/Root %lu 0 R/Info %lu 0 R", number + 1,
	    (unsigned long)dbi_doc_root(v->doc), (unsigned long)dbi_doc_info_number(v->doc));
	add_identifier(&body, v->digest);
	dbi_buf_adds(&body, "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>");
	if (rows.failed || tokens->failed || packed.failed || body.failed || v->s->table.failed)
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
	struct saver v = { .s = s, .doc = doc, .tags = tags, .z = z, .out = out, .start = out->len, .base = dbi_doc_count(doc),
		.root = root, .page_numbers = page_numbers };

	v.count = v.base + tags->d->n_elements;
	v.next = v.count;
	if (v.count > (1u << 23) - 1000) /* the most objects PDF/A allows */
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "pdf",
		    "the letter has more than 8 million parts; let it show fewer records");
	dbi_object_stream_clear(&s->stream);
	s->n_waiting = 0;
	dbi_buf_clear(&s->table);
	extend_table(&v, v.count);
	dbi_buf_adds(out, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
	write_streams(&v);
	write_first(&v);
	write_elements(&v);
	write_root(&v);
	write_objects(&v);
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
