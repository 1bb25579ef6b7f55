/* SPDX-License-Identifier: MIT */
#include "pdf/document.h"

#include <string.h>
#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_version.h>

#include "pdf/pdf.h"
#include "pdf/strings.h"

/* libharu's allocator callbacks carry no user pointer: the arena of the letter this thread is writing. */
static _Thread_local struct dbi_arena *letter_arena;

static void *HPDF_STDCALL alloc_in_arena(HPDF_UINT size)
{
	return letter_arena ? dbi_arena_alloc(letter_arena, size) : NULL;
}

/* The arena goes back as a whole. */
static void HPDF_STDCALL free_in_arena(void *p)
{
	(void)p;
}

/* Errors are sticky and come more than once; the first one tells the cause. */
static void HPDF_STDCALL record_error(HPDF_STATUS code, HPDF_STATUS detail, void *user)
{
	struct dbi_doc *d = user;
	if (d->code)
		return;
	d->code = code;
	d->detail = detail;
}

const char *dbi_pdf_library_version(void)
{
	return HPDF_GetVersion();
}

int dbi_doc_check_library(struct dbrief_error *err)
{
	if (strcmp(HPDF_GetVersion(), HPDF_VERSION_TEXT) == 0)
		return DBRIEF_OK;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_STATE, "libharu",
	    "version %s is loaded but the library was built with %s; install that version or build again",
	    HPDF_GetVersion(), HPDF_VERSION_TEXT);
}

int dbi_doc_open(struct dbi_doc *d, struct dbi_arena *arena, size_t pages, struct dbrief_error *err)
{
	memset(d, 0, sizeof(*d));
	d->arena = arena;
	d->cap_pages = pages;
	d->pages = dbi_arena_calloc(arena, pages ? pages : 1, sizeof(*d->pages));
	d->dead = dbi_arena_calloc(arena, pages ? pages : 1, sizeof(*d->dead));
	letter_arena = arena;
	HPDF_Doc doc = d->pages && d->dead ? HPDF_NewEx(record_error, alloc_in_arena, free_in_arena, 0, d) : NULL;
	if (!doc) {
		letter_arena = NULL;
		return dbi_error_memory(err);
	}
	doc->pdf_version = HPDF_VER_17;
	d->hpdf = doc;
	return dbi_doc_check(d, err);
}

void dbi_doc_close(struct dbi_doc *d)
{
	d->hpdf = NULL;
	letter_arena = NULL;
}

int dbi_doc_check(const struct dbi_doc *d, struct dbrief_error *err)
{
	unsigned long code = d->code ? d->code : d->hpdf ? HPDF_GetError(d->hpdf) : 0;
	/* HPDF_FAILD_TO_ALLOC_MEM by its number: 2.4.5 spells it otherwise. */
	if (code == 0x1015)
		return dbi_error_memory(err);
	if (code)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_PDF, "libharu",
		    "error 0x%04lx, detail %lu; report this letter's template", code, d->detail);
	if (d->failed)
		return dbi_error_memory(err);
	return DBRIEF_OK;
}

static bool note(struct dbi_doc *d, bool good)
{
	if (!good)
		d->failed = true;
	return good;
}

static HPDF_STATUS write_raw(HPDF_Dict dict, HPDF_Stream stream)
{
	const struct dbi_raw *raw = dict->attr;
	return HPDF_Stream_Write(stream, (const HPDF_BYTE *)raw->body, (HPDF_UINT)raw->len);
}

static struct dbi_raw *make_record(struct dbi_doc *d, const char *body, size_t len)
{
	struct dbi_raw *raw = dbi_arena_alloc(d->arena, sizeof(*raw));
	if (!note(d, raw && len <= UINT32_MAX))
		return NULL;
	*raw = (struct dbi_raw){ .body = body, .len = len };
	return raw;
}

static HPDF_Dict make_raw(struct dbi_doc *d, struct dbi_raw *raw)
{
	HPDF_Dict dict = HPDF_Dict_New(((HPDF_Doc)d->hpdf)->mmgr);
	if (!note(d, dict != NULL))
		return NULL;
	dict->attr = raw;
	dict->write_fn = write_raw;
	return dict;
}

static uint32_t number_of(const void *object)
{
	return ((const HPDF_Obj_Header *)object)->obj_id & 0x00FFFFFF;
}

struct dbi_raw *dbi_doc_add(struct dbi_doc *d, const char *body, size_t len)
{
	struct dbi_raw *raw = make_record(d, body, len);
	HPDF_Dict dict = raw ? make_raw(d, raw) : NULL;
	if (!dict)
		return NULL;
	if (!note(d, HPDF_Xref_Add(((HPDF_Doc)d->hpdf)->xref, dict) == HPDF_OK))
		return NULL;
	raw->number = number_of(dict);
	return raw;
}

struct dbi_raw *dbi_doc_add_stream(struct dbi_doc *d, const char *body, size_t len, const void *data, size_t data_len)
{
	struct dbi_raw *raw = dbi_doc_add(d, body, len);
	if (raw) {
		raw->data = data;
		raw->data_len = data_len;
	}
	return raw;
}

/* Takes over libharu's content stream; its Length object is then of no use. */
static bool attach_content(struct dbi_doc *d, HPDF_Page page, const void *data, size_t data_len)
{
	HPDF_PageAttr attr = page->attr;
	struct dbi_raw *raw = make_record(d, "/Filter/FlateDecode", 19);
	void *length = raw ? HPDF_Dict_GetItem(attr->contents, "Length", HPDF_OCLASS_NUMBER) : NULL;
	if (!length)
		return false;
	raw->data = data;
	raw->data_len = data_len;
	raw->number = number_of(attr->contents);
	attr->contents->attr = raw;
	attr->contents->write_fn = write_raw;
	d->dead[d->n_dead++] = number_of(length);
	return true;
}

void dbi_doc_add_page(struct dbi_doc *d, dbi_len width, dbi_len height, const void *data, size_t data_len)
{
	if (d->failed)
		return;
	HPDF_Page page = d->n_pages < d->cap_pages ? HPDF_AddPage(d->hpdf) : NULL;
	if (!note(d, page != NULL))
		return;
	note(d, HPDF_Page_SetWidth(page, (HPDF_REAL)width / 1000) == HPDF_OK);
	note(d, HPDF_Page_SetHeight(page, (HPDF_REAL)height / 1000) == HPDF_OK);
	note(d, attach_content(d, page, data, data_len));
	d->pages[d->n_pages++] = page;
}

uint32_t dbi_doc_page_number(const struct dbi_doc *d, size_t page)
{
	return page < d->n_pages ? number_of(d->pages[page]) : 0;
}

void dbi_doc_page_integer(struct dbi_doc *d, size_t page, const char *key, int32_t value)
{
	if (!d->failed)
		note(d, HPDF_Dict_AddNumber(d->pages[page], key, value) == HPDF_OK);
}

void dbi_doc_page_name(struct dbi_doc *d, size_t page, const char *key, const char *name)
{
	if (!d->failed)
		note(d, HPDF_Dict_AddName(d->pages[page], key, name) == HPDF_OK);
}

static void *object_of(const struct dbi_doc *d, const struct dbi_raw *raw)
{
	HPDF_XrefEntry entry = raw ? HPDF_Xref_GetEntry(((HPDF_Doc)d->hpdf)->xref, raw->number) : NULL;
	return entry ? entry->obj : NULL;
}

void dbi_doc_page_annotation(struct dbi_doc *d, size_t page, const struct dbi_raw *annotation)
{
	if (d->failed)
		return;
	HPDF_Array list = HPDF_Dict_GetItem(d->pages[page], "Annots", HPDF_OCLASS_ARRAY);
	if (!list) {
		list = HPDF_Array_New(((HPDF_Doc)d->hpdf)->mmgr);
		note(d, list && HPDF_Dict_Add(d->pages[page], "Annots", list) == HPDF_OK);
	}
	if (!d->failed)
		note(d, HPDF_Array_Add(list, object_of(d, annotation)) == HPDF_OK);
}

void dbi_doc_page_resource(struct dbi_doc *d, size_t page, const char *key, const struct dbi_raw *raw)
{
	if (d->failed)
		return;
	HPDF_Dict resources = HPDF_Page_GetInheritableItem(d->pages[page], "Resources", HPDF_OCLASS_DICT);
	note(d, resources && HPDF_Dict_Add(resources, key, object_of(d, raw)) == HPDF_OK);
}

static HPDF_Dict catalog_of(const struct dbi_doc *d)
{
	return ((HPDF_Doc)d->hpdf)->catalog;
}

void dbi_doc_catalog_reference(struct dbi_doc *d, const char *key, const struct dbi_raw *raw)
{
	if (!d->failed)
		note(d, HPDF_Dict_Add(catalog_of(d), key, object_of(d, raw)) == HPDF_OK);
}

void dbi_doc_catalog_array(struct dbi_doc *d, const char *key, const struct dbi_raw *raw)
{
	if (d->failed)
		return;
	HPDF_Array list = HPDF_Array_New(((HPDF_Doc)d->hpdf)->mmgr);
	note(d, list && HPDF_Array_Add(list, object_of(d, raw)) == HPDF_OK &&
	    HPDF_Dict_Add(catalog_of(d), key, list) == HPDF_OK);
}

void dbi_doc_catalog_dictionary(struct dbi_doc *d, const char *key, const char *body)
{
	if (d->failed)
		return;
	struct dbi_raw *raw = make_record(d, body, strlen(body));
	HPDF_Dict dict = raw ? make_raw(d, raw) : NULL;
	note(d, dict && HPDF_Dict_Add(catalog_of(d), key, dict) == HPDF_OK);
}

void dbi_doc_catalog_string(struct dbi_doc *d, const char *key, const char *ascii)
{
	if (d->failed)
		return;
	HPDF_String s = HPDF_String_New(((HPDF_Doc)d->hpdf)->mmgr, ascii, NULL);
	note(d, s && HPDF_Dict_Add(catalog_of(d), key, s) == HPDF_OK);
}

void dbi_doc_info(struct dbi_doc *d, const char *key, const char *text)
{
	if (d->failed)
		return;
	HPDF_Doc doc = d->hpdf;
	void *value;
	if (dbi_is_ascii(text)) {
		value = HPDF_String_New(doc->mmgr, text, NULL);
	} else {
		struct dbi_buf utf16 = DBI_BUF_INIT;
		dbi_buf_add_utf16(&utf16, text, strlen(text));
		value = utf16.failed ? NULL :
		    HPDF_Binary_New(doc->mmgr, (HPDF_BYTE *)utf16.data, (HPDF_UINT)utf16.len);
		dbi_buf_dispose(&utf16);
	}
	note(d, value && doc->info && HPDF_Dict_Add(doc->info, key, value) == HPDF_OK);
}

size_t dbi_doc_count(const struct dbi_doc *d)
{
	return ((HPDF_Doc)d->hpdf)->xref->entries->count;
}

static bool is_dead(const struct dbi_doc *d, size_t number)
{
	size_t low = 0, high = d->n_dead;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (d->dead[mid] < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < d->n_dead && d->dead[low] == number;
}

enum dbi_object_kind dbi_doc_object(const struct dbi_doc *d, size_t number, const struct dbi_raw **raw)
{
	HPDF_XrefEntry entry = HPDF_Xref_GetEntry(((HPDF_Doc)d->hpdf)->xref, (HPDF_UINT)number);
	if (!entry || !entry->obj || entry->entry_typ != HPDF_IN_USE_ENTRY || is_dead(d, number))
		return DBI_OBJECT_FREE;
	const HPDF_Obj_Header *header = entry->obj;
	if ((header->obj_class & HPDF_OCLASS_ANY) != HPDF_OCLASS_DICT)
		return DBI_OBJECT_VALUE;
	const struct _HPDF_Dict_Rec *dict = entry->obj;
	if (dict->write_fn != write_raw)
		return DBI_OBJECT_VALUE;
	*raw = dict->attr;
	return DBI_OBJECT_RAW;
}

static HPDF_STATUS write_to_buf(HPDF_Stream stream, const HPDF_BYTE *bytes, HPDF_UINT len)
{
	struct dbi_buf *out = stream->attr;
	dbi_buf_add(out, bytes, len);
	return out->failed ? 0x1015 : HPDF_OK;
}

void dbi_doc_write_value(struct dbi_doc *d, size_t number, struct dbi_buf *out)
{
	HPDF_Doc doc = d->hpdf;
	HPDF_XrefEntry entry = HPDF_Xref_GetEntry(doc->xref, (HPDF_UINT)number);
	HPDF_Stream stream = HPDF_CallbackWriter_New(doc->mmgr, write_to_buf, out);
	note(d, entry && stream && HPDF_Obj_WriteValue(entry->obj, stream, NULL) == HPDF_OK);
}

uint32_t dbi_doc_root(const struct dbi_doc *d)
{
	return number_of(catalog_of(d));
}

uint32_t dbi_doc_info_number(const struct dbi_doc *d)
{
	HPDF_Dict info = ((HPDF_Doc)d->hpdf)->info;
	return info ? number_of(info) : 0;
}
