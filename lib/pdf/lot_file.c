/* SPDX-License-Identifier: MIT */
#include "pdf/lot_file.h"

#include <stdio.h>
#include <string.h>

#define ENTRY_SIZE 8            /* W[1 5 2] */
#define STREAM_OBJECTS 2000     /* readers unpack a whole object stream for any of its objects */
#define HAND_ON (256u << 10)    /* bytes gathered for one write */

int dbi_lot_file_open(struct dbi_lot_file *f, struct dbrief_sink *sink, struct dbrief_error *err)
{
	memset(f, 0, sizeof(*f));
	f->sink = sink;
	f->err = err;
	f->next = 1;
	f->z = dbi_deflater_new(DBI_DEFLATE_LOT);
	if (!f->z)
		return f->status = dbi_error_memory(err);
	dbi_sha256_begin(&f->sha);
	dbi_buf_adds(&f->out, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
	return DBRIEF_OK;
}

void dbi_lot_file_dispose(struct dbi_lot_file *f)
{
	struct dbi_buf *const bufs[] = { &f->out, &f->table, &f->head, &f->body, &f->packed };
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		dbi_buf_dispose(bufs[i]);
	dbi_deflater_free(f->z);
	f->z = NULL;
}

static void check_memory(struct dbi_lot_file *f)
{
	bool failed = f->out.failed || f->table.failed || f->head.failed || f->body.failed || f->packed.failed;
	if (failed && f->status == DBRIEF_OK)
		f->status = dbi_error_memory(f->err);
}

static void hand_on(struct dbi_lot_file *f)
{
	check_memory(f);
	if (f->status != DBRIEF_OK)
		return;
	int status = f->sink->write(f->sink->user, f->out.data, f->out.len, f->err);
	if (status != DBRIEF_OK)
		f->status = dbi_error(f->err, status < 0 ? status : DBRIEF_FATAL, DBRIEF_CAUSE_SINK, "",
		    "the output was refused; check the sink");
	dbi_sha256_add(&f->sha, f->out.data, f->out.len);
	f->gone += f->out.len;
	dbi_buf_clear(&f->out);
}

uint64_t dbi_lot_file_bytes(const struct dbi_lot_file *f)
{
	return f->gone + f->out.len;
}

static void put_entry(struct dbi_lot_file *f, uint32_t number, unsigned type, uint64_t a, unsigned b)
{
	size_t end = ((size_t)number + 1) * ENTRY_SIZE;
	if (end > f->table.len) {
		size_t more = end - f->table.len;
		char *room = dbi_buf_room(&f->table, more);
		if (!room)
			return;
		memset(room, 0, more);
		f->table.len = end;
	}
	unsigned char *e = (unsigned char *)f->table.data + end - ENTRY_SIZE;
	*e++ = (unsigned char)type;
	for (int shift = 32; shift >= 0; shift -= 8)
		*e++ = (unsigned char)(a >> shift);
	*e++ = (unsigned char)(b >> 8);
	*e = (unsigned char)b;
}

uint32_t dbi_lot_file_number(struct dbi_lot_file *f)
{
	if (f->next == DBI_LOT_OBJECTS && f->status == DBRIEF_OK)
		f->status = dbi_error(f->err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, "lot",
		    "the lot has more objects than PDF/A allows; make smaller lots");
	return f->next < DBI_LOT_OBJECTS ? f->next++ : f->next;
}

static void add_uint(struct dbi_buf *out, uint32_t v)
{
	char *p = dbi_buf_room(out, DBI_NUMBER_ROOM);
	if (p)
		out->len += (size_t)(dbi_put_uint(p, v) - p);
}

void dbi_lot_add_reference(struct dbi_buf *out, uint32_t number)
{
	dbi_buf_addc(out, ' ');
	add_uint(out, number);
	dbi_buf_add(out, " 0 R", 4);
}

void dbi_lot_file_stream(struct dbi_lot_file *f, uint32_t number, const char *body, size_t body_len, const void *data,
    size_t len)
{
	struct dbi_buf *out = &f->out;
	put_entry(f, number, 1, dbi_lot_file_bytes(f), 0);
	add_uint(out, number);
	dbi_buf_adds(out, " 0 obj\n<<");
	dbi_buf_add(out, body, body_len);
	dbi_buf_adds(out, "/Length ");
	add_uint(out, (uint32_t)len);
	dbi_buf_adds(out, ">>stream\n");
	dbi_buf_add(out, data, len);
	dbi_buf_adds(out, "\nendstream\nendobj\n");
	if (out->failed || out->len >= HAND_ON)
		hand_on(f);
}

void dbi_lot_file_deflated(struct dbi_lot_file *f, uint32_t number, const char *body, const struct dbi_buf *data)
{
	dbi_buf_clear(&f->packed);
	if (data->failed)
		f->packed.failed = true;
	else
		dbi_deflate(f->z, data->data ? data->data : "", data->len, &f->packed);
	check_memory(f);
	if (f->status == DBRIEF_OK)
		dbi_lot_file_stream(f, number, body, strlen(body), f->packed.data, f->packed.len);
}

static void end_object_stream(struct dbi_lot_file *f)
{
	char body[80];

	if (!f->stream)
		return;
	(void)snprintf(body, sizeof(body), "/Type/ObjStm/N %lu/First %zu/Filter/FlateDecode", (unsigned long)f->in_stream,
	    f->head.len);
	dbi_buf_add(&f->head, f->body.data ? f->body.data : "", f->body.len);
	check_memory(f);
	if (f->status == DBRIEF_OK)
		dbi_lot_file_deflated(f, f->stream, body, &f->head);
	f->stream = f->in_stream = 0;
	dbi_buf_clear(&f->head);
	dbi_buf_clear(&f->body);
}

struct dbi_buf *dbi_lot_file_object(struct dbi_lot_file *f, uint32_t number)
{
	if (f->in_stream == STREAM_OBJECTS)
		end_object_stream(f);
	if (!f->stream)
		f->stream = dbi_lot_file_number(f);
	if (f->in_stream) /* two numbers must not become one */
		dbi_buf_addc(&f->body, '\n');
	put_entry(f, number, 2, f->stream, f->in_stream++);
	add_uint(&f->head, number);
	dbi_buf_addc(&f->head, ' ');
	add_uint(&f->head, (uint32_t)f->body.len);
	dbi_buf_addc(&f->head, ' ');
	return &f->body;
}

/* PNG Up: each row as the difference to the one above. */
static void predict(const struct dbi_buf *table, struct dbi_buf *rows)
{
	char *p = dbi_buf_room(rows, table->len / ENTRY_SIZE * (ENTRY_SIZE + 1));
	if (!p)
		return;
	for (size_t i = 0; i < table->len; i++) {
		if (i % ENTRY_SIZE == 0)
			*p++ = 2;
		*p++ = (char)(table->data[i] - (i < ENTRY_SIZE ? 0 : table->data[i - ENTRY_SIZE]));
	}
	rows->len = (size_t)(p - rows->data);
}

static void write_table(struct dbi_lot_file *f, uint32_t root, uint32_t info, const unsigned char *id)
{
	struct dbi_buf rows = DBI_BUF_INIT, body = DBI_BUF_INIT;
	uint64_t place = dbi_lot_file_bytes(f);
	uint32_t number = dbi_lot_file_number(f);

	put_entry(f, number, 1, place, 0);
	put_entry(f, 0, 0, 0, 65535);
	dbi_buf_addf(&body, "/Type/XRef/W[1 5 2]/Size %lu/Root %lu 0 R/Info %lu 0 R/ID[<", (unsigned long)number + 1,
	    (unsigned long)root, (unsigned long)info);
	for (int i = 0; i < 32; i++) {
		if (i == 16)
			dbi_buf_adds(&body, "><");
		dbi_buf_addf(&body, "%02X", (unsigned)id[i % 16]);
	}
	dbi_buf_adds(&body, ">]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>");
	check_memory(f);
	if (f->status == DBRIEF_OK)
		predict(&f->table, &rows);
	if (rows.failed || body.failed)
		f->out.failed = true;
	check_memory(f);
	if (f->status == DBRIEF_OK)
		dbi_lot_file_deflated(f, number, body.data, &rows);
	dbi_buf_addf(&f->out, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)place);
	dbi_buf_dispose(&rows);
	dbi_buf_dispose(&body);
}

int dbi_lot_file_close(struct dbi_lot_file *f, uint32_t root, uint32_t info, const unsigned char *id, char sha256[65])
{
	end_object_stream(f);
	write_table(f, root, info, id);
	hand_on(f);
	dbi_sha256_end_hex(&f->sha, sha256);
	return f->status;
}
