/* SPDX-License-Identifier: MIT */
/* Text to tree: bounds, refusal of DTDs, namespaces, places and our own messages. */
#include "xml/libxml.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/relaxng.h>

#include "util/file.h"
#include "util/limits.h"
#include "util/mem.h"
#include "util/utf8.h"

#define PLACE_SHIFT (sizeof(uintptr_t) == 8 ? 28 : 10)
#define PLACE_MASK (((uintptr_t)1 << PLACE_SHIFT) - 1)

struct parser {
	xmlParserCtxt *ctxt;
	const char *name;       /* for messages */
	const char *ns;         /* every element must be in it; NULL: as it comes */
	const char *bytes;
	size_t len;
	size_t at, line, column; /* how far places were counted */
	size_t depth;
	bool memory;            /* an allocation failed */
	bool failed;            /* fault holds the first one */
	struct dbrief_error fault; /* the caller's record is filled at the end: memory goes before its consequences */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_once(void)
{
	xmlInitParser();
	xmlXPathInit();
	(void)xmlRelaxNGInitTypes();
}

void dbi_xml_init(void)
{
	(void)pthread_once(&once, init_once);
}

void *dbi_place_pack(size_t line, size_t column)
{
	uintptr_t l = line, c = column > PLACE_MASK ? 0 : column;

	if (l > UINTPTR_MAX >> PLACE_SHIFT)
		l = 0;
	return (void *)(l << PLACE_SHIFT | c);
}

size_t dbi_place_line(const xmlNode *n)
{
	return (uintptr_t)n->_private >> PLACE_SHIFT;
}

size_t dbi_place_column(const xmlNode *n)
{
	return (uintptr_t)n->_private & PLACE_MASK;
}

/* Records the first fault of a document and stops. Line 0: the whole document. */
static void fail_at(struct parser *p, int cause, size_t line, size_t column, const char *text)
{
	char where[256];

	if (p->failed)
		return;
	p->failed = true;
	if (line && column)
		(void)snprintf(where, sizeof where, "%.160s:%zu:%zu", p->name, line, column);
	else if (line)
		(void)snprintf(where, sizeof where, "%.160s:%zu", p->name, line);
	else
		(void)snprintf(where, sizeof where, "%.160s", p->name);
	(void)dbi_error(&p->fault, DBRIEF_FATAL, cause, where, "%s", text);
	xmlStopParser(p->ctxt);
}

static void on_error(void *ctx, dbi_xml_error e)
{
	xmlParserCtxt *ctxt = ctx;
	struct parser *p = ctxt->_private;
	const char *text;
	char other[96];

	if (!p || e->level < XML_ERR_ERROR)
		return;
	if (e->code == XML_ERR_NO_MEMORY) {
		p->memory = true;
		return;
	}
	if (e->code == XML_ERR_USER_STOP)
		return;
	text = dbi_xml_fault(e->domain, e->code);
	if (!text) {
		(void)snprintf(other, sizeof other, "is not well-formed (libxml2 error %d); check it with xmllint", e->code);
		text = other;
	}
	fail_at(p, DBRIEF_CAUSE_XML, e->line > 0 ? (size_t)e->line : 0, e->int2 > 0 ? (size_t)e->int2 : 0, text);
}

/* Counts lines and columns from the last start tag up to this one. */
static void advance(struct parser *p, size_t to)
{
	const char *s = p->bytes;

	for (; p->at < to; p->at++) {
		if (s[p->at] == '\n') {
			p->line++;
			p->column = 1;
		} else if (((unsigned char)s[p->at] & 0xC0) != 0x80) {
			p->column++;
		}
	}
}

/*
 * The parser calls at the end of a start tag. A tag holds no other '<', so
 * the last one before is its start. Only where the input is not recoded do
 * offsets of the parser mean the same in our bytes; else the line must do.
 */
static void *find_place(struct parser *p)
{
	const xmlParserInput *in = p->ctxt->input;
	size_t end;

	if (!in || (in->buf && in->buf->encoder))
		return dbi_place_pack(in ? (size_t)in->line : 0, 0);
	end = (size_t)in->consumed + (size_t)(in->cur - in->base);
	if (end > p->len || end < p->at)
		return dbi_place_pack((size_t)in->line, 0);
	while (end > p->at && p->bytes[end - 1] != '<')
		end--;
	if (end == p->at)
		return dbi_place_pack((size_t)in->line, 0);
	advance(p, end - 1);
	return dbi_place_pack(p->line, p->column);
}

static bool is_xml_prefix(const xmlChar *prefix)
{
	return prefix && strcmp(from_xml(prefix), "xml") == 0;
}

/* With a fixed namespace: attributes of other namespaces have no meaning in our forms. */
static bool check_names(struct parser *p, void *place, const xmlChar *uri, int n, const xmlChar **attributes)
{
	uintptr_t packed = (uintptr_t)place;
	const char *fault = NULL;

	if (strcmp(uri ? from_xml(uri) : "", p->ns) != 0)
		fault = "an element is not in the namespace";
	for (int i = 0; i < n && !fault; i++)
		if (attributes[5 * i + 2] && !is_xml_prefix(attributes[5 * i + 1]))
			fault = "an attribute has a prefix; only attributes without one are known in";
	if (fault) {
		char text[200];

		(void)snprintf(text, sizeof text, "%s %s; %s", fault, p->ns, uri ? "remove it" : "add the xmlns attribute");
		fail_at(p, DBRIEF_CAUSE_XML, packed >> PLACE_SHIFT, packed & PLACE_MASK, text);
	}
	return !fault;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
    const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	xmlParserCtxt *ctxt = ctx;
	struct parser *p = ctxt->_private;
	void *place = find_place(p);

	if (p->failed)
		return;
	if (++p->depth > DBI_MAX_XML_DEPTH) {
		fail_at(p, DBRIEF_CAUSE_LIMIT, (uintptr_t)place >> PLACE_SHIFT, (uintptr_t)place & PLACE_MASK,
		    "elements are nested too deeply; use fewer levels");
		return;
	}
	if (p->ns) {
		if (!check_names(p, place, uri, n_attributes, attributes))
			return;
		prefix = uri = NULL;
		n_ns = 0;
	}
	xmlSAX2StartElementNs(ctx, name, prefix, uri, n_ns, namespaces, n_attributes, n_defaulted, attributes);
	if (ctxt->node && !ctxt->disableSAX)
		ctxt->node->_private = place;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxt *ctxt = ctx;
	struct parser *p = ctxt->_private;

	if (p->failed)
		return;
	p->depth--;
	xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxt *ctxt = ctx;
	struct parser *p = ctxt->_private;

	(void)name, (void)external, (void)system;
	fail_at(p, DBRIEF_CAUSE_XML, ctxt->input ? (size_t)ctxt->input->line : 0, 0, "a DOCTYPE is not allowed; remove it");
}

static int options(void)
{
	int o = XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA;

#if LIBXML_VERSION >= 21300
	o |= XML_PARSE_NO_XXE;
#endif
	return o;
}

static void set_handlers(xmlParserCtxt *ctxt, struct parser *p)
{
	xmlSAXHandler *sax = ctxt->sax;

	ctxt->_private = p;
	sax->startElementNs = on_start;
	sax->endElementNs = on_end;
	sax->internalSubset = on_doctype;
	sax->externalSubset = NULL;
	sax->resolveEntity = NULL;
	sax->comment = NULL;
	sax->processingInstruction = NULL;
	sax->serror = on_error;
	sax->initialized = XML_SAX2_MAGIC;
}

/* Success is a whole tree and no trace of an error anywhere; the return value alone says too little. */
static int finish(struct parser *p, xmlDoc *tree, dbi_xml_doc **doc, struct dbrief_error *err)
{
	const xmlError *last = (const xmlError *)xmlGetLastError();

	if (last && last->code == XML_ERR_NO_MEMORY)
		p->memory = true;
	if (!p->memory && !p->failed && tree && p->ctxt->wellFormed && !(last && last->level >= XML_ERR_ERROR)) {
		*doc = (dbi_xml_doc *)tree;
		return DBRIEF_OK;
	}
	xmlFreeDoc(tree);
	if (p->memory || !p->failed)
		return dbi_error_memory(err);
	return dbrief_error_set(err, p->fault.status, p->fault.cause, p->fault.where, p->fault.text);
}

int dbi_xml_parse_memory(dbi_xml_doc **doc, const char *name, const char *bytes, size_t len, const char *ns,
    struct dbrief_error *err)
{
	struct parser p = { NULL, name, ns, bytes, len, 0, 1, 1, 0, false, false, DBRIEF_ERROR_INIT };
	xmlDoc *tree;
	int status;

	*doc = NULL;
	dbi_xml_init();
	if (len > DBI_MAX_XML_FILE)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, name, "is larger than %u bytes; make it smaller",
		    DBI_MAX_XML_FILE);
	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		p.bytes = bytes += 3;
		p.len = len -= 3;
	}
	if (len == 0)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_XML, name, "%s",
		    dbi_xml_fault(XML_FROM_PARSER, XML_ERR_DOCUMENT_EMPTY));
	xmlResetLastError();
	p.ctxt = xmlNewParserCtxt();
	if (!p.ctxt)
		return dbi_error_memory(err);
	set_handlers(p.ctxt, &p);
	tree = xmlCtxtReadMemory(p.ctxt, bytes, (int)len, name, NULL, options());
	status = finish(&p, tree, doc, err);
	xmlFreeParserCtxt(p.ctxt);
	xmlResetLastError();
	return status;
}

int dbi_xml_parse_file(dbi_xml_doc **doc, const char *path, const char *ns, struct dbrief_error *err)
{
	struct dbi_buf bytes = DBI_BUF_INIT;
	int status;

	*doc = NULL;
	status = dbi_file_read(&bytes, path, DBI_MAX_XML_FILE, DBRIEF_CAUSE_XML, err);
	if (status == DBRIEF_OK)
		status = dbi_xml_parse_memory(doc, path, bytes.data ? bytes.data : "", bytes.len, ns, err);
	dbi_buf_dispose(&bytes);
	return status;
}
