/* SPDX-License-Identifier: MIT */
#include "pdf_sample.h"
#include "tap.h"

#include <stdio.h>

int main(void)
{
	struct sample s;
	struct dbi_buf xml = DBI_BUF_INIT, pdf = DBI_BUF_INIT;
	struct dbi_pdf_meta meta;
	if (!OK(sample_open(&s), "fonts, shaper and writer")) {
		printf("# %s: %s\n", s.err.where, s.err.text);
		return tap_done();
	}
	sample_attachment(&xml, 1);
	sample_meta(&meta, &xml);
	sample_full_letter(&s, 1);
	int status = dbi_pdf_write(s.writer, s.shaper, &s.d, &meta, &pdf, &s.err);
	if (!EQ(status, DBRIEF_OK, "full letter"))
		printf("# %s: %s\n", s.err.where, s.err.text);
	sample_end(&s);
	printf("# %zu bytes, %zu pages\n", pdf.len, s.d.n_pages);
	OK(pdf.len > 1000 && memcmp(pdf.data, "%PDF-1.7", 8) == 0, "it is a PDF");
	dbi_buf_dispose(&pdf);
	dbi_buf_dispose(&xml);
	sample_close(&s);
	return tap_done();
}
