/* SPDX-License-Identifier: MIT */
/*
 * libxml2 with each of its allocations failing, once or from then on: the
 * outcome is an error or the right result, never a wrong one. Each point runs
 * in a child of its own. A crash inside libxml2 is counted and reported, but
 * is none of our making: a supervisor has to live with it.
 */
#include "tap.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libxml/xmlmemory.h>

#include "xml/xpath.h"
#include "xml/xpath_fast.h"

static unsigned long count, fail_at;
static bool forever;

static bool fails(void)
{
	count++;
	return fail_at && (count == fail_at || (forever && count > fail_at));
}

static void *t_malloc(size_t n)
{
	return fails() ? NULL : malloc(n);
}

static void *t_realloc(void *p, size_t n)
{
	return fails() ? NULL : realloc(p, n);
}

static char *t_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = fails() ? NULL : malloc(n);

	return copy ? memcpy(copy, s, n) : NULL;
}

static const char model[] =
    "<m d='2026-11-23'><c n='orders'><r k='1'><f n='no'>1001</f><f n='sum' v='12.50'>12,50 &#8364;</f></r>"
    "<r k='2'><f n='no'>1002</f><f n='sum' v='7'>7,00 &#8364;</f></r></c><c n='notes'/></m>";

static dbi_xml_doc *doc;
static dbi_xpath_ctx *ctx;

static int fn_join(void *user, const struct dbi_xvalue *args, size_t n, struct dbi_xvalue *out, struct dbrief_error *err)
{
	struct dbi_buf b = DBI_BUF_INIT;
	int status = DBRIEF_OK;

	(void)user;
	for (size_t i = 0; i < n && status == DBRIEF_OK; i++)
		status = dbi_xvalue_string(&args[i], &b, err);
	out->kind = DBI_X_STRING;
	out->string = dbi_buf_take(&b);
	return status == DBRIEF_OK && !out->string ? dbi_error_memory(err) : status;
}

static const struct dbi_xpath_function functions[] = { { "join", fn_join, 1, 4 }, { NULL, NULL, 0, 0 } };

static const struct dbi_xvalue *variable(void *user, const char *name)
{
	static char word[] = "word";
	static const struct dbi_xvalue value = { DBI_X_STRING, word, 0, false, NULL, 0 };

	(void)user, (void)name;
	return &value;
}

/* ---- what is tried: fills `out`, which then is compared with the undisturbed run ---- */

static int do_parse(const char *text, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_xml_doc *d;
	int status;

	(void)text;
	status = dbi_xml_parse_memory(&d, "m.xml", model, sizeof model - 1, NULL, err);
	if (status == DBRIEF_OK)
		status = dbi_xml_write(d, NULL, true, out, err);
	dbi_xml_free(d);
	return status;
}

static int do_build(const char *text, struct dbi_buf *out, struct dbrief_error *err)
{
	dbi_xml_doc *d = dbi_xml_new("root");
	dbi_xml_node *n;
	int status;

	(void)text;
	if (!d)
		return dbi_error_memory(err);
	n = dbi_node_add(dbi_xml_root(d), "a");
	if (!n || !dbi_node_set(n, "x", "1") || !dbi_node_set(n, "y", "a long value & more") || !dbi_node_set(n, "x", "2") ||
	    !dbi_node_add_text(n, "text", 4) || !dbi_node_add_text(n, " and more text", 14) || !dbi_node_add(n, "b") ||
	    !dbi_node_copy_into(n, dbi_xml_root(doc)))
		status = dbi_error_memory(err);
	else
		status = dbi_xml_write(d, NULL, true, out, err);
	dbi_xml_free(d);
	return status;
}

static int write_value(const struct dbi_xvalue *v, struct dbi_buf *out, struct dbrief_error *err)
{
	int status = DBRIEF_OK;

	dbi_buf_addf(out, "%d:%zu:", (int)v->kind, v->n);
	if (v->kind != DBI_X_NODES)
		status = dbi_xvalue_string(v, out, err);
	for (size_t i = 0; i < v->n && status == DBRIEF_OK; i++)
		status = dbi_node_string(v->nodes[i], out);
	return status;
}

static int do_evaluate(const char *text, struct dbi_buf *out, struct dbrief_error *err)
{
	struct dbi_xvalue v = { DBI_X_STRING, NULL, 0, false, NULL, 0 };
	dbi_xpath *xp;
	int status = dbi_xpath_compile(&xp, text, NULL, err);

	if (status != DBRIEF_OK)
		return status;
	dbi_xpath_make_slow(xp);
	status = dbi_xpath_eval(ctx, xp, dbi_xml_root(doc), 1, 1, &v, err);
	if (status == DBRIEF_OK)
		status = write_value(&v, out, err);
	dbi_xvalue_dispose(&v);
	dbi_xpath_free(xp);
	return status;
}

/* ---- one point in one child ---- */

enum { RIGHT, REFUSED, MISNAMED, WRONG };
#define EXIT_BASE 20 /* far from the codes of sanitizers */
typedef int (*trial)(const char *text, struct dbi_buf *out, struct dbrief_error *err);

static int run_child(trial try, const char *text, const char *want, unsigned long at, bool all)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf out = DBI_BUF_INIT;
	int status;

	count = 0;
	fail_at = at;
	forever = all;
	status = try(text, &out, &err);
	if (status != DBRIEF_OK)
		return err.cause == DBRIEF_CAUSE_MEMORY ? REFUSED : MISNAMED;
	return out.data && strcmp(out.data, want) == 0 ? RIGHT : WRONG;
}

static void torture(const char *what, trial try, const char *text)
{
	struct dbrief_error err = DBRIEF_ERROR_INIT;
	struct dbi_buf want = DBI_BUF_INIT;
	unsigned long points;
	int results[4] = { 0, 0, 0, 0 }, crashes = 0;

	count = fail_at = 0;
	if (try(text, &want, &err) != DBRIEF_OK) {
		OK(0, what);
		return;
	}
	points = count;
	(void)fflush(stdout);
	for (unsigned long at = 1; at <= points * 2; at++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
			/* libxml2 tells the world when it is out of memory. */
			(void)!freopen("/dev/null", "w", stderr);
			_exit(EXIT_BASE + run_child(try, text, want.data, (at + 1) / 2, at % 2));
		}
		if (child < 0 || waitpid(child, &status, 0) != child)
			exit(99);
		if (WIFEXITED(status) && WEXITSTATUS(status) >= EXIT_BASE)
			results[WEXITSTATUS(status) - EXIT_BASE]++;
		else
			crashes++;
		if (WIFEXITED(status) && WEXITSTATUS(status) >= EXIT_BASE + MISNAMED)
			printf("# %s when allocation %lu of %lu failed%s\n", WEXITSTATUS(status) == EXIT_BASE + WRONG ? "wrong" : "misnamed", (at + 1) / 2,
			    points, at % 2 ? ", and all after it" : "");
	}
	EQ(results[WRONG], 0, what);
	EQ(results[MISNAMED], 0, "  every refusal names memory as its cause");
	printf("# %lu allocations: %d refused, %d right all the same, %d crashes inside libxml2\n", points, results[REFUSED],
	    results[RIGHT], crashes);
	dbi_buf_dispose(&want);
}

int main(void)
{
	static const char *const expressions[] = {
		"c[@n='orders']/r/f[@n='sum']/@v", "sum(//@v)", "concat('a', @d, $w)", "//f[@n='no' and . = '1002']", "c | c/r | @d",
		"t:join(c/r/f, 'x', 2)", "translate(string(c/r[2]/f[1]), '0', 'o')", "c/r[position() = last()]/@k", "count(//f) * 2.5",
		"normalize-space(c/r/f[2])", "substring-before(@d, '-')", "not(c[@n='none'])", "//f[. > 1001]", "c/r[f[@v = 7]]/@k",
		"string-length($w) + number(@d = '')", "starts-with(concat($w, c/r/@k), 'word1')",
	};
	struct dbrief_error err = DBRIEF_ERROR_INIT;

	if (xmlMemSetup(free, t_malloc, t_realloc, t_strdup) != 0)
		return 99;
	dbi_xml_init();
	if (dbi_xml_parse_memory(&doc, "m.xml", model, sizeof model - 1, NULL, &err) != DBRIEF_OK ||
	    dbi_xpath_ctx_new(&ctx, functions, variable, NULL, &err) != DBRIEF_OK)
		return 99;
	torture("a parsed document is whole or refused", do_parse, NULL);
	torture("a built document is whole or refused", do_build, NULL);
	for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
		torture(expressions[i], do_evaluate, expressions[i]);
	dbi_xpath_ctx_free(ctx);
	dbi_xml_free(doc);
	return tap_done();
}
