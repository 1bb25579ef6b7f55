/* SPDX-License-Identifier: MIT */
#include "config.h"
#include <stdio.h>
#include <png.h>
#include <jpeglib.h>
#ifdef HAVE_LIBDEFLATE
#include <libdeflate.h>
#define COMPRESSOR "libdeflate " LIBDEFLATE_VERSION_STRING
#else
#include <zlib.h>
#define COMPRESSOR "zlib " ZLIB_VERSION
#endif
#include "pdf/pdf.h"

void dbi_pdf_helper_versions(char *out, size_t size)
{
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
	int v = LIBJPEG_TURBO_VERSION_NUMBER;

	(void)snprintf(out, size, "libpng %s, libjpeg-turbo %d.%d.%d, " COMPRESSOR, png_get_libpng_ver(NULL), v / 1000000,
	    v / 1000 % 1000, v % 1000);
#else
	(void)snprintf(out, size, "libpng %s, libjpeg %d, " COMPRESSOR, png_get_libpng_ver(NULL), JPEG_LIB_VERSION);
#endif
}
