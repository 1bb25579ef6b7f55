/* SPDX-License-Identifier: MIT */
#include "pdf/save.h"

#include <string.h>

#include "pdf/strings.h"
#include "util/limits.h"
#include "util/mem.h"

/* Objects of one object stream: readers unpack a whole one for any of its objects. */
#define STREAM_OBJECTS 4000
/*
 * Structure elements stand at every 100th byte, and in the first object stream
 * at 100 times their number: "107 10700 108 10800" says where they are and can
 * hardly be told from nothing once it is deflated. The blanks between them
 * vanish likewise. Where objects would stand one behind the other, the list of
 * their places is a sixth of the whole stream.
 */
#define SLOT 100
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
	size_t in_stream;        /* objects in the open one */
	size_t origin;           /* number of the element whose slot is at the start of the open one */
	size_t base;             /* number of the first element */
	size_t first;            /* number of the object at the start */
	uint32_t root;           /* of the StructTreeRoot */
	const uint32_t *page_numbers;
};

void dbi_save_dispose(struct dbi_save *s)
{
	dbi_buf_dispose(&s->head);
	dbi_buf_dispose(&s->body);
	dbi_buf_dispose(&s->table);
	dbi_free(s->waiting);
	s->waiting = NULL;
	s->cap_waiting = 0;
	dbi_lz_guides_dispose(&s->head_guides);
	dbi_lz_guides_dispose(&s->body_guides);
}

void dbi_save_trim(struct dbi_save *s)
{
	dbi_buf_trim(&s->head, DBI_KEEP_BUF);
	dbi_buf_trim(&s->body, DBI_KEEP_BUF);
	dbi_buf_trim(&s->table, DBI_KEEP_BUF);
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

/* Says where the object starts whose value is appended to the body next. Pairs of elements in slots are all of one kind. */
static void begin_object(struct saver *v, size_t number, bool in_slot)
{
	struct dbi_save *s = v->s;
	set_entry(v, number, 2, v->next, v->in_stream++);
	char *room = dbi_buf_room(&s->head, 2 * DBI_NUMBER_ROOM);
	if (!room)
		return;
	char *p = dbi_put_uint(room, (uint32_t)number), *second = ++p;
	p[-1] = ' ';
	p = dbi_put_uint(p, (uint32_t)s->body.len);
	*p++ = ' ';
	/* The place begins as the number does, and all are like those of the pair before. */
	dbi_lz_guides_add(&s->head_guides, s->head.len, in_slot ? (size_t)(p - room) : 0, in_slot ? (size_t)(second - room) : 0, 0, 0);
	s->head.len += (size_t)(p - room);
}

/* An element that does not fit into its slot stands behind all others. */
static void put_off(struct saver *v, size_t number)
{
	struct dbi_save *s = v->s;
	if (dbi_grow(&s->waiting, &s->cap_waiting, s->n_waiting + 1, sizeof(*s->waiting), SIZE_MAX))
		s->waiting[s->n_waiting++] = (uint32_t)number;
	else
		s->body.failed = true;
}

/* Returns the length of a reference where there is a list of those, else 0. */
static size_t write_element(struct saver *v, size_t number)
{
	return dbi_tags_write_element(v->tags, v->tags->order[number - v->base], v->root, v->page_numbers, &v->s->body);
}

static void add_waiting(struct saver *v)
{
	struct dbi_save *s = v->s;
	size_t reference = reference_length(v), last = 0;

	for (size_t i = 0; i < s->n_waiting; i++) {
		size_t from = s->body.len;
		begin_object(v, s->waiting[i], false);
		dbi_lz_guides_add(&s->body_guides, from, reference, reference - 1, last, i ? 0 : DBI_LZ_BLOCK);
		(void)write_element(v, s->waiting[i]);
		last = s->body.len - from;
	}
	s->n_waiting = 0;
}

static void clear_stream(struct dbi_save *s)
{
	dbi_buf_clear(&s->head);
	dbi_buf_clear(&s->body);
	s->head_guides.n = s->body_guides.n = s->n_waiting = 0;
	s->head_guides.failed = s->body_guides.failed = false;
}

static void end_object_stream(struct saver *v)
{
	struct dbi_save *s = v->s;
	struct dbi_buf *out = v->out;
	size_t number = v->next;

	if (!v->in_stream && !s->n_waiting)
		return;
	add_waiting(v);
	if (s->head.failed || s->body.failed || s->head_guides.failed || s->body_guides.failed) {
		out->failed = true;
		return;
	}
	struct dbi_buf packed = DBI_BUF_INIT, body = DBI_BUF_INIT;
	const struct dbi_lz_part parts[] = {
		{ s->head.data, s->head.len, s->head_guides.list, s->head_guides.n },
		{ s->body.data, s->body.len, s->body_guides.list, s->body_guides.n },
	};
	dbi_deflate_parts(v->z, parts, 2, &packed);
	dbi_buf_adds(&body, "/Type/ObjStm/N ");
	add_uint(&body, v->in_stream);
	dbi_buf_adds(&body, "/First ");
	add_uint(&body, s->head.len);
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
	clear_stream(s);
	dbi_tags_forget_places(v->tags);
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
	if (v->in_stream + v->s->n_waiting < STREAM_OBJECTS)
		return false;
	end_object_stream(v);
	return true;
}

static size_t slots(size_t len)
{
	return (len + SLOT - 1) / SLOT;
}

/* Blanks up to the slot of an element. */
static void go_to_slot(struct saver *v, size_t number)
{
	struct dbi_buf *body = &v->s->body;
	size_t place = (number - v->origin) * SLOT;
	char *p = place > body->len ? dbi_buf_room(body, place - body->len) : NULL;
	if (!p)
		return;
	memset(p, ' ', place - body->len);
	body->len = place;
}

/* Writes an element into its slot; false when it is put off. */
static bool fill_slot(struct saver *v, size_t number, size_t *reference)
{
	struct dbi_save *s = v->s;
	size_t head = s->head.len, from = s->body.len;

	begin_object(v, number, true);
	*reference = write_element(v, number);
	if (!from)
		v->origin = number + 1 - slots(s->body.len); /* readers want an object at the start, of whatever size */
	if (s->body.len <= from + SLOT || !from)
		return true;
	s->head.len = head;
	s->body.len = from;
	v->in_stream--;
	put_off(v, number);
	return false;
}

/* An object of libharu's. */
static void write_object(struct saver *v, size_t number)
{
	struct dbi_buf *body = &v->s->body;
	const struct dbi_raw *raw = NULL;

	begin_object(v, number, false);
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

/* A short object stands at the start, where poppler expects one, but does not fill up the room before the elements. */
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
	dbi_lz_guides_add(&v->s->body_guides, 0, 1, 0, 0, 0);
	write_object(v, number);
}

/* libharu's objects that are no streams. */
static void write_objects(struct saver *v)
{
	for (size_t i = 1; i < v->base; i++) {
		const struct dbi_raw *raw = NULL;
		if (!is_written_last(v, i, &raw))
			continue;
		(void)make_room(v);
		dbi_lz_guides_add(&v->s->body_guides, v->s->body.len, 0, 0, 0, 0);
		write_object(v, i);
	}
}

static void write_elements(struct saver *v)
{
	struct dbi_save *s = v->s;

	/* Many objects before: no relation to the number, the slots follow at once. */
	v->origin = v->base <= MOST_BEFORE && s->body.len <= v->base * SLOT ? 0 : v->base - slots(s->body.len);
	for (size_t number = v->base; number < v->count; number++) {
		size_t reference;
		if (make_room(v))
			v->origin = number;
		go_to_slot(v, number);
		size_t from = s->body.len;
		/* A slot is like the one before, a list like itself, and blanks are like blanks. */
		if (!fill_slot(v, number, &reference))
			reference = 0;
		dbi_lz_guides_add(&s->body_guides, from, SLOT, 1, reference, 0);
	}
}

/* The StructTreeRoot with the ParentTree. */
static void write_root(struct saver *v)
{
	struct dbi_save *s = v->s;

	add_waiting(v);
	(void)make_room(v);
	begin_object(v, v->root, false);
	dbi_lz_guides_add(&s->body_guides, s->body.len, reference_length(v), 0, 0, 0);
	dbi_tags_write_root(v->tags, &s->body, &s->body_guides);
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
	const struct dbi_lz_guide same = { 0, { ENTRY_SIZE + 1, 0, 0 }, 0 };
	if (!rows.failed)
		dbi_deflate_parts(v->z, &(struct dbi_lz_part){ rows.data, rows.len, &same, 1 }, 1, &packed);
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
	struct saver v = { .s = s, .doc = doc, .tags = tags, .z = z, .out = out, .start = out->len, .base = dbi_doc_count(doc),
		.root = root, .page_numbers = page_numbers };

	v.count = v.base + tags->d->n_elements;
	v.next = v.count;
	if (v.count > (1u << 23) - 1000) /* the most objects PDF/A allows */
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "pdf",
		    "the letter has more than 8 million parts; let it show fewer records");
	clear_stream(s);
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
