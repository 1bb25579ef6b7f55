/* SPDX-License-Identifier: MIT */
/* The charset gate for connectors that read files. */
#include <datenbrief/connector.h>
#include "util/buf.h"
#include "util/charset.h"
#include "util/error.h"
#include "util/mem.h"

struct dbrief_decoder {
	struct dbi_charset *charset;
	struct dbi_buf text;
};

int dbrief_decoder_new(dbrief_decoder **decoder, const char *charset, struct dbrief_error *err)
{
	dbrief_decoder *d;
	int status;

	if (!decoder)
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "no place for the decoder; give its address");
	*decoder = NULL;
	d = dbi_calloc(1, sizeof(*d));
	if (!d)
		return dbi_error_memory(err);
	status = dbi_charset_open(&d->charset, charset, err);
	if (status != DBRIEF_OK) {
		dbi_free(d);
		return status;
	}
	*decoder = d;
	return DBRIEF_OK;
}

void dbrief_decoder_free(dbrief_decoder *decoder)
{
	if (!decoder)
		return;
	dbi_buf_dispose(&decoder->text);
	dbi_charset_close(decoder->charset);
	dbi_free(decoder);
}

int dbrief_decoder_decode(dbrief_decoder *decoder, const char *bytes, size_t len, const char **text, size_t *text_len,
    struct dbrief_error *err)
{
	size_t offset = 0;
	int status;

	if (!decoder || !text || !text_len || (!bytes && len))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_ARG, "", "a decoder was called without bytes or places; give all");
	*text = "";
	*text_len = 0;
	dbi_buf_clear(&decoder->text);
	status = dbi_charset_convert(decoder->charset, &decoder->text, bytes ? bytes : "", len, &offset, err);
	if (status != DBRIEF_OK || !decoder->text.data)
		return status;
	*text = decoder->text.data;
	*text_len = decoder->text.len;
	return DBRIEF_OK;
}
