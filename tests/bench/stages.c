/* SPDX-License-Identifier: MIT */
#include "stages.h"

#include <time.h>

#include "model/model.h"
#include "pdf/compress.h"
#include "pdf/content.h"
#include "pdf/font.h"
#include "pdf/save.h"
#include "pdf/tags.h"
#include "text/shape.h"

const char *const stage_names[STAGE_COUNT] = { "template", "layout", "shaping", "content", "fonts", "tags", "xml", "compress",
	"save" };

static bool running;
static int current = -1;
static int64_t since, spent[STAGE_COUNT];

static int64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_cpu(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t clock_wall(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void stages_start(void)
{
	running = true;
	current = -1;
	for (int i = 0; i < STAGE_COUNT; i++)
		spent[i] = 0;
}

void stages_stop(int64_t ns[STAGE_COUNT])
{
	running = false;
	for (int i = 0; i < STAGE_COUNT; i++)
		ns[i] = spent[i];
}

static void charge(int next)
{
	int64_t now = clock_wall();

	if (current >= 0)
		spent[current] += now - since;
	since = now;
	current = next;
}

int stage_enter(enum stage stage)
{
	int previous = current;

	if (running)
		charge((int)stage);
	return previous;
}

void stage_leave(int previous)
{
	if (running)
		charge(previous);
}

/* The redirected calls: __wrap_NAME is what the library calls, __real_NAME its own function. */
#define WRAP(type, name, stage, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		int previous = stage_enter(stage); \
		type result = __real_##name arguments; \
		stage_leave(previous); \
		return result; \
	}
#define WRAP_VOID(name, stage, parameters, arguments) \
	void __real_##name parameters; \
	void __wrap_##name parameters; \
	void __wrap_##name parameters \
	{ \
		int previous = stage_enter(stage); \
		__real_##name arguments; \
		stage_leave(previous); \
	}

typedef const struct dbi_font_program *font_program;

WRAP(int, dbi_shape, STAGE_SHAPING,
    (dbi_shaper *sh, unsigned face, const char *text, size_t len, bool rtl, const char *lang,
	const struct dbi_run *const **runs, size_t *n, struct dbrief_error *err),
    (sh, face, text, len, rtl, lang, runs, n, err))
WRAP(int, dbi_content_page, STAGE_CONTENT, (struct dbi_content *c, size_t page, struct dbi_buf *out, struct dbrief_error *err),
    (c, page, out, err))
WRAP(font_program, dbi_font_choose, STAGE_FONTS,
    (struct dbi_font_cache *cache, const dbi_pdf_fonts *fonts, unsigned face, const uint64_t *glyphs, struct dbi_arena *arena,
	struct dbrief_error *err),
    (cache, fonts, face, glyphs, arena, err))
WRAP(int, dbi_save, STAGE_SAVE,
    (struct dbi_save *s, struct dbi_doc *doc, const struct dbi_tags *tags, uint32_t root, const uint32_t *pages,
	dbi_deflater *z, struct dbi_buf *out, struct dbrief_error *err),
    (s, doc, tags, root, pages, z, out, err))
WRAP(int, dbi_model_write, STAGE_XML, (const dbi_xml_doc *model, bool indent, struct dbi_buf *out, struct dbrief_error *err),
    (model, indent, out, err))
WRAP_VOID(dbi_deflate, STAGE_COMPRESS, (dbi_deflater *z, const void *in, size_t len, struct dbi_buf *out), (z, in, len, out))
WRAP_VOID(dbi_deflate_parts, STAGE_COMPRESS,
    (dbi_deflater *z, const struct dbi_lz_part *parts, size_t n, struct dbi_buf *out), (z, parts, n, out))
WRAP_VOID(dbi_tags_finish, STAGE_TAGS, (struct dbi_tags *t), (t))
WRAP_VOID(dbi_tags_write_root, STAGE_TAGS, (const struct dbi_tags *t, struct dbi_object_stream *out), (t, out))
