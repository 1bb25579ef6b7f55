/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "layout/qr.h"

#ifdef HAVE_QRENCODE
#include <errno.h>
#include <qrencode.h>

int dbi_qr_encode(
    struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	size_t row;

	if (!code && errno == ENOMEM)
		return dbi_error_memory(err);
	if (!code)
		return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LAYOUT, NULL,
		    "the data of a QR code is empty or too long; keep it under 2,300 bytes");
	*side = (unsigned)code->width;
	row = (*side + 7) / 8;
	*bits = dbi_arena_calloc(arena, *side, row);
	for (unsigned y = 0; *bits && y < *side; y++)
		for (unsigned x = 0; x < *side; x++)
			if (code->data[y * *side + x] & 1)
				(*bits)[y * row + x / 8] |= (unsigned char)(0x80u >> (x & 7));
	QRcode_free(code);
	return *bits ? DBRIEF_OK : dbi_error_memory(err);
}

#else

int dbi_qr_encode(
    struct dbi_arena *arena, const char *text, unsigned *side, unsigned char **bits, struct dbrief_error *err)
{
	(void)arena, (void)text, (void)side, (void)bits;
	return dbi_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LAYOUT, NULL,
	    "this build draws no QR codes; build it with libqrencode or take <qr> out");
}

#endif
