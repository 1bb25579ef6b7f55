/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "layout/datamatrix.h"

#ifdef HAVE_DMTX
#include <dmtx.h>
#include <string.h>

static bool copy_modules(const DmtxEncode *code, struct dbi_arena *arena, unsigned *side, unsigned char **bits)
{
	int n = dmtxGetSymbolAttribute(DmtxSymAttribSymbolRows, code->region.sizeIdx);
	size_t row = ((size_t)n + 7) / 8;

	*side = (unsigned)n;
	*bits = dbi_arena_calloc(arena, (size_t)n, row);
	if (!*bits)
		return false;
	/* Its rows count from the bottom. */
	for (int y = 0; y < n; y++)
		for (int x = 0; x < n; x++)
			if (dmtxSymbolModuleStatus(code->message, code->region.sizeIdx, n - 1 - y, x) & DmtxModuleOnRGB)
				(*bits)[(size_t)y * row + (size_t)x / 8] |= (unsigned char)(0x80u >> (x & 7));
	return true;
}

int dbi_datamatrix_encode(
    struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err)
{
	DmtxEncode *code = dmtxEncodeCreate();
	size_t len = strlen(text);
	unsigned char *copy = dbi_arena_alloc(arena, len + 1);
	bool fits, done;

	if (!code || !copy) {
		if (code)
			(void)dmtxEncodeDestroy(&code);
		return dbi_error_memory(err);
	}
	memcpy(copy, text, len + 1);
	(void)dmtxEncodeSetProp(code, DmtxPropSizeRequest, DmtxSymbolSquareAuto);
	fits = len > 0 && len < 1000 && dmtxEncodeDataMatrix(code, (int)len, copy) == DmtxPass;
	done = fits && copy_modules(code, arena, side, bits);
	(void)dmtxEncodeDestroy(&code);
	if (!fits)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LAYOUT, NULL,
		    "the data of a DataMatrix is empty or too long; keep it under 1,000 bytes");
	return done ? DBRIEF_OK : dbi_error_memory(err);
}

#else

int dbi_datamatrix_encode(
    struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err)
{
	(void)arena, (void)text, (void)side, (void)bits;
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LAYOUT, NULL,
	    "this build draws no DataMatrix; build it with libdmtx or choose the inserter omr or qr");
}

#endif
