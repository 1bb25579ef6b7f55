/* SPDX-License-Identifier: MIT */
#include "xml/xpath.h"

#include <string.h>

#include <libxml/hash.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "xml/libxml.h"
#include "xml/xpath_fast_run.h"
#include "xml/xpath_object.h"
#include "util/limits.h"
#include "util/mem.h"

#define NS_PREFIX "t"
#define NS_URI "urn:datenbrief:template:1"
#define MAX_ARGS 8

struct dbi_xpath {
	xmlXPathCompExpr *comp;
	struct dbi_xpath_fast *fast; /* NULL: libxml2 only */
};

struct dbi_xpath_ctx {
	xmlXPathContext *x;
	const struct dbi_xpath_function *functions;
	dbi_xpath_var var;
	void *user;
	bool has_current;
	/* of the evaluation that runs */
	struct dbrief_error *err;
	int status; /* of a function that failed; DBRIEF_OK: none did */
	int code;   /* first error of libxml2, 0: none */
	long offset;
};

/* ---- errors ---- */

static bool is_memory(int code)
{
	return code == XML_ERR_NO_MEMORY || code == XML_XPATH_MEMORY_ERROR;
}

static void on_error(void *ctx, dbi_xml_error e)
{
	struct dbi_xpath_ctx *c = ctx;

	/* After a failed allocation libxml2 may go on and complain about the consequences. */
	if (e->level < XML_ERR_ERROR || (c->code && !is_memory(e->code)))
		return;
	c->code = e->code;
	c->offset = e->int1;
}

static const char *fault_text(int code)
{
	switch (code) {
	case XML_XPATH_UNFINISHED_LITERAL_ERROR:
	case XML_XPATH_START_LITERAL_ERROR:
		return "a text in quotes is not closed; add the quote";
	case XML_XPATH_VARIABLE_REF_ERROR:
		return "a name is missing behind '$'; add it";
	case XML_XPATH_UNDEF_VARIABLE_ERROR:
		return "a variable is not defined here; define it with t:variable before";
	case XML_XPATH_INVALID_PREDICATE_ERROR:
		return "a condition in [] is wrong; correct it";
	case XML_XPATH_UNCLOSED_ERROR:
		return "a bracket is not closed; add it";
	case XML_XPATH_UNKNOWN_FUNC_ERROR:
		return "a function is not known; see datenbrief(5) for the list";
	case XML_XPATH_INVALID_OPERAND:
	case XML_XPATH_INVALID_TYPE:
		return "a value is not of the kind needed here: a path must start from nodes; correct the expression";
	case XML_XPATH_INVALID_ARITY:
		return "a function has too few or too many arguments; see datenbrief(5)";
	case XML_XPATH_UNDEF_PREFIX_ERROR:
		return "a prefix is not known; only functions have one: t:";
	case XML_XPATH_ENCODING_ERROR:
	case XML_XPATH_INVALID_CHAR_ERROR:
		return "a character is not allowed in an expression; remove it";
	default:
		return "the expression is not understood here; correct it";
	}
}

static bool is_limit(int code)
{
	return code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED ||
	    code == XML_XPATH_EXPRESSION_OK + XPATH_RECURSION_LIMIT_EXCEEDED;
}

/*
 * Some failed allocations inside libxml2 leave a wrong value and no other
 * trace than the thread's last error.
 */
static bool is_last_error_set(void)
{
	return xmlGetLastError() != NULL && xmlGetLastError()->code != XML_ERR_OK;
}

/* An allocation failed: told through the context, left behind in the thread, or seen as nothing at all. */
static bool is_out_of_memory(const struct dbi_xpath_ctx *c, bool has_value)
{
	if (is_memory(c->code) || (is_last_error_set() && is_memory(xmlGetLastError()->code)))
		return true;
	return !c->code && (is_last_error_set() || !has_value);
}

/* What became of an evaluation. */
static int outcome(struct dbi_xpath_ctx *c, bool has_value)
{
	if (c->status != DBRIEF_OK)
		return c->status;
	if (is_out_of_memory(c, has_value))
		return dbi_error_memory(c->err);
	if (is_limit(c->code))
		return dbi_error(c->err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "the expression takes too many steps; avoid // and preceding-sibling over many records");
	if (c->code)
		return dbi_error(c->err, DBRIEF_FAILED, DBRIEF_CAUSE_TEMPLATE, "", "%s", fault_text(c->code));
	return DBRIEF_OK;
}

/* ---- variables and functions ---- */

static xmlXPathObject *look_up_variable(void *ctx, const xmlChar *name, const xmlChar *uri)
{
	struct dbi_xpath_ctx *c = ctx;
	const struct dbi_xvalue *v = !uri && c->var ? c->var(c->user, from_xml(name)) : NULL;
	xmlXPathObject *o;

	if (!v)
		return NULL;
	o = dbi_xpath_to_object(v);
	/* NULL alone would be taken for an undefined variable. */
	if (!o && !c->code)
		c->code = XML_ERR_NO_MEMORY;
	return o;
}

static const struct dbi_xpath_function *find_function(const struct dbi_xpath_ctx *c, const xmlChar *name)
{
	const struct dbi_xpath_function *f = c->functions;

	while (f->name && strcmp(f->name, from_xml(name)) != 0)
		f++;
	return f->name ? f : NULL;
}

static int run_function(struct dbi_xpath_ctx *c, const struct dbi_xpath_function *f, xmlXPathObject *const *objects,
    size_t n, struct dbi_xvalue *out)
{
	struct dbi_xvalue args[MAX_ARGS] = { { DBI_X_STRING, NULL, 0, false, NULL, 0 } };
	size_t made = 0;
	int status = DBRIEF_OK;

	for (; made < n && status == DBRIEF_OK; made++)
		if (!objects[made] || !dbi_xpath_from_object(&args[made], objects[made], true))
			status = dbi_error_memory(c->err);
	if (status == DBRIEF_OK)
		status = f->fn(c->user, args, n, out, c->err);
	while (made > 0)
		dbi_free(args[--made].nodes);
	return status;
}

/*
 * One C function for all names and contexts: libxml2 keeps the pointer inside
 * the compiled expression, so state must come from the context alone.
 */
static void call_function(xmlXPathParserContext *p, int n_args)
{
	struct dbi_xpath_ctx *c = p->context->userData;
	const struct dbi_xpath_function *f = find_function(c, p->context->function);
	xmlXPathObject *objects[MAX_ARGS] = { NULL }, *result = NULL;
	struct dbi_xvalue out = { DBI_X_STRING, NULL, 0, false, NULL, 0 };
	size_t n = n_args > 0 ? (size_t)n_args : 0;
	int status;

	if (!f || n < f->min_args || n > f->max_args || n > MAX_ARGS) {
		c->code = f ? XML_XPATH_INVALID_ARITY : XML_XPATH_UNKNOWN_FUNC_ERROR;
		p->error = XPATH_INVALID_ARITY;
		return;
	}
	for (size_t i = n; i > 0; i--)
		objects[i - 1] = valuePop(p);
	status = run_function(c, f, objects, n, &out);
	if (status == DBRIEF_OK || status == DBRIEF_WARN) {
		result = dbi_xpath_to_object(&out);
		status = result && valuePush(p, result) >= 0 ? DBRIEF_OK : dbi_error_memory(c->err);
	}
	dbi_xvalue_dispose(&out);
	for (size_t i = 0; i < n; i++)
		xmlXPathFreeObject(objects[i]);
	if (status != DBRIEF_OK) {
		c->status = status;
		p->error = XPATH_EXPR_ERROR;
	}
}

static void call_unknown(xmlXPathParserContext *p, int n_args)
{
	struct dbi_xpath_ctx *c = p->context->userData;

	(void)n_args;
	c->code = XML_XPATH_UNKNOWN_FUNC_ERROR;
	p->error = XPATH_UNKNOWN_FUNC_ERROR;
}

/* Asked before the table of functions. Without this libxml2 would print the name of an unknown function. */
static xmlXPathFunction look_up_function(void *ctx, const xmlChar *name, const xmlChar *uri)
{
	struct dbi_xpath_ctx *c = ctx;

	return xmlHashLookup2(c->x->funcHash, name, uri) ? NULL : call_unknown;
}

/* ---- contexts ---- */

/* Registration can fail in silence, so each name is looked up again. */
static bool register_all(struct dbi_xpath_ctx *c)
{
	static const struct dbi_xpath_function none = { NULL, NULL, 0, 0 };

	if (!c->functions)
		c->functions = &none;
	if (xmlXPathRegisterNs(c->x, to_xml(NS_PREFIX), to_xml(NS_URI)) != 0 || !xmlXPathNsLookup(c->x, to_xml(NS_PREFIX)))
		return false;
	for (const struct dbi_xpath_function *f = c->functions; f->name; f++) {
		if (xmlXPathRegisterFuncNS(c->x, to_xml(f->name), to_xml(NS_URI), call_function) != 0 ||
		    xmlXPathFunctionLookupNS(c->x, to_xml(f->name), to_xml(NS_URI)) != call_function)
			return false;
	}
	xmlXPathRegisterVariableLookup(c->x, look_up_variable, c);
	xmlXPathRegisterFuncLookup(c->x, look_up_function, c);
	return xmlXPathFunctionLookup(c->x, to_xml("count")) && xmlXPathFunctionLookup(c->x, to_xml("number")) &&
	    xmlXPathFunctionLookup(c->x, to_xml("translate"));
}

int dbi_xpath_ctx_new(dbi_xpath_ctx **ctx, const struct dbi_xpath_function *functions, dbi_xpath_var var, void *user,
    struct dbrief_error *err)
{
	struct dbi_xpath_ctx *c;

	*ctx = NULL;
	dbi_xml_init();
	c = dbi_calloc(1, sizeof *c);
	if (!c)
		return dbi_error_memory(err);
	c->functions = functions;
	c->var = var;
	c->user = user;
	c->has_current = functions && find_function(c, to_xml("current"));
	xmlResetLastError();
	c->x = xmlXPathNewContext(NULL);
	if (!c->x || !register_all(c) || is_last_error_set()) {
		dbi_xpath_ctx_free(c);
		xmlResetLastError();
		return dbi_error_memory(err);
	}
	c->x->userData = c;
	c->x->error = (xmlStructuredErrorFunc)on_error;
	(void)xmlXPathContextSetCache(c->x, 1, -1, 0);
	*ctx = c;
	return DBRIEF_OK;
}

void dbi_xpath_ctx_free(dbi_xpath_ctx *ctx)
{
	if (!ctx)
		return;
	xmlXPathFreeContext(ctx->x);
	dbi_free(ctx);
}

/* ---- expressions ---- */

static int compile_error(const struct dbi_xpath_ctx *c, size_t len, size_t *column, struct dbrief_error *err)
{
	if (is_out_of_memory(c, false))
		return dbi_error_memory(err);
	if (column)
		*column = c->offset > 0 && (size_t)c->offset <= len ? (size_t)c->offset : 0;
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_TEMPLATE, "", "%s", fault_text(c->code));
}

/* The only prefix there is belongs to functions. libxml2 would find this out late, and print it. */
static int check_prefix(void *ctx, char kind, const char *name, size_t args)
{
	struct dbi_xpath_ctx *check = ctx;
	const char *colon = strchr(name, ':');

	(void)args;
	if (!colon || (kind == 'f' && strncmp(name, NS_PREFIX ":", sizeof NS_PREFIX) == 0))
		return 0;
	check->code = XML_XPATH_UNDEF_PREFIX_ERROR;
	return 1;
}

/* libxml2 takes "f(" and "f(a," for whole calls. */
static void check_closed(struct dbi_xpath_ctx *check, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	if (len == 0 || !strchr("(,", text[len - 1]))
		return;
	check->code = XML_XPATH_UNCLOSED_ERROR;
	check->offset = (int)len;
}

int dbi_xpath_compile(dbi_xpath **xp, const char *text, size_t *column, struct dbrief_error *err)
{
	struct dbi_xpath_ctx check = { .err = err };
	size_t len = strlen(text);
	struct dbi_xpath *x = NULL;
	int status = DBRIEF_OK;

	*xp = NULL;
	if (column)
		*column = 0;
	if (len > DBI_MAX_XPATH)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_LIMIT, "", "the expression is longer than %d bytes; shorten it",
		    DBI_MAX_XPATH);
	dbi_xml_init();
	xmlResetLastError();
	check.x = xmlXPathNewContext(NULL);
	x = dbi_calloc(1, sizeof *x);
	if (!check.x || !x) {
		status = dbi_error_memory(err);
		goto done;
	}
	check.x->userData = &check;
	check.x->error = (xmlStructuredErrorFunc)on_error;
	x->comp = xmlXPathCtxtCompile(check.x, to_xml(text));
	if (!check.code)
		check_closed(&check, text, len);
	if (x->comp && !check.code)
		(void)dbi_xpath_names(text, check_prefix, &check);
	if (!x->comp || check.code)
		status = compile_error(&check, len, column, err);
	else if (is_last_error_set())
		status = dbi_error_memory(err);
	else
		x->fast = dbi_xpath_fast_compile(text);
done:
	xmlXPathFreeContext(check.x);
	xmlResetLastError();
	if (status == DBRIEF_OK)
		*xp = x;
	else
		dbi_xpath_free(x);
	return status;
}

void dbi_xpath_free(dbi_xpath *xp)
{
	if (!xp)
		return;
	if (xp->comp)
		xmlXPathFreeCompExpr(xp->comp);
	dbi_xpath_fast_free(xp->fast);
	dbi_free(xp);
}

bool dbi_xpath_is_fast(const dbi_xpath *xp)
{
	return xp->fast != NULL;
}

void dbi_xpath_make_slow(dbi_xpath *xp)
{
	dbi_xpath_fast_free(xp->fast);
	xp->fast = NULL;
}

int dbi_xpath_eval(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_xvalue *out, struct dbrief_error *err)
{
	xmlXPathObject *o;
	bool done = false;
	int status;

	memset(out, 0, sizeof *out);
	if (xp->fast) {
		struct dbi_xpath_scope scope = { ctx->var, ctx->user, ctx->functions, position, size, ctx->has_current };

		status = dbi_xpath_fast_eval(xp->fast, &scope, node, out, &done, err);
		if (done)
			return status;
		memset(out, 0, sizeof *out);
	}
	ctx->err = err;
	ctx->status = DBRIEF_OK;
	ctx->code = 0;
	ctx->x->doc = to_node(node)->doc;
	ctx->x->node = to_node(node);
	ctx->x->proximityPosition = (int)position;
	ctx->x->contextSize = (int)size;
	ctx->x->opLimit = DBI_MAX_XPATH_OPS;
	ctx->x->opCount = 0;
	ctx->x->depth = 0;
	xmlResetLastError();
	o = xmlXPathCompiledEval(xp->comp, ctx->x);
	status = outcome(ctx, o != NULL);
	if (status == DBRIEF_OK && (!dbi_xpath_from_object(out, o, false) || is_last_error_set())) {
		dbi_xvalue_dispose(out);
		status = dbi_error_memory(err);
	}
	xmlXPathFreeObject(o);
	xmlResetLastError();
	return status;
}

int dbi_xpath_test(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size, bool *yes,
    struct dbrief_error *err)
{
	struct dbi_xpath_scope scope = { ctx->var, ctx->user, ctx->functions, position, size, ctx->has_current };
	struct dbi_xvalue v;
	bool done = false;
	int status;

	if (xp->fast) {
		status = dbi_xpath_fast_test(xp->fast, &scope, node, yes, &done, err);
		if (done)
			return status;
	}
	status = dbi_xpath_eval(ctx, xp, node, position, size, &v, err);
	*yes = status == DBRIEF_OK && dbi_xvalue_true(&v);
	dbi_xvalue_dispose(&v);
	return status;
}

bool dbi_xpath_lend_plain(const dbi_xpath *xp, const dbi_xml_node *node, struct dbi_xtext *lent, bool *found)
{
	const xmlNode *one = to_node(node);

	if (!xp->fast || (xp->fast->plain != DBI_FAST_PLAIN_SELF && xp->fast->plain != DBI_FAST_PLAIN_ATTRIBUTE))
		return false;
	if (xp->fast->plain == DBI_FAST_PLAIN_ATTRIBUTE)
		one = (const xmlNode *)dbi_fast_attr(one, xp->fast->plain_name);
	*found = one != NULL;
	if (one)
		*lent = dbi_node_lend(one);
	return !one || lent->text;
}

int dbi_xpath_lend(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_buf *out, struct dbi_xtext *lent, bool *found, struct dbrief_error *err)
{
	struct dbi_xvalue v;
	bool done = false;
	int status;

	*found = false;
	*lent = (struct dbi_xtext){ NULL, 0 };
	if (dbi_xpath_lend_plain(xp, node, lent, found))
		return DBRIEF_OK;
	if (xp->fast) {
		struct dbi_xpath_scope scope = { ctx->var, ctx->user, ctx->functions, position, size, ctx->has_current };

		status = dbi_xpath_fast_text(xp->fast, &scope, node, out, lent, found, &done, err);
		if (done)
			return status;
	}
	status = dbi_xpath_eval(ctx, xp, node, position, size, &v, err);
	*found = status == DBRIEF_OK && (v.kind != DBI_X_NODES || v.n > 0);
	if (*found && v.kind != DBI_X_NODES)
		status = dbi_xvalue_string(&v, out, err);
	else if (*found && dbi_node_string(v.nodes[0], out) != DBRIEF_OK)
		status = dbi_error_memory(err);
	dbi_xvalue_dispose(&v);
	if (status == DBRIEF_OK && out->failed)
		status = dbi_error_memory(err);
	return status;
}

int dbi_xpath_text(dbi_xpath_ctx *ctx, dbi_xpath *xp, dbi_xml_node *node, size_t position, size_t size,
    struct dbi_buf *out, bool *found, struct dbrief_error *err)
{
	struct dbi_xtext lent;
	int status = dbi_xpath_lend(ctx, xp, node, position, size, out, &lent, found, err);

	if (lent.text)
		dbi_buf_add(out, lent.text, lent.len);
	return status == DBRIEF_OK && out->failed ? dbi_error_memory(err) : status;
}
