/* SPDX-License-Identifier: MIT */
#include "pdf/profile.h"

/* Offsets from the start of the profile; ICC.1:2004-10, all numbers big-endian. */
#define HEADER_SIZE 128
#define TAG_SIZE 12
#define MAX_TAGS 10

/* Whole numbers in 1/65536, as s15Fixed16Number has them. */
static const int32_t white[] = { 0xF6D6, 0x10000, 0xD32D };  /* D50 */
static const int32_t red[] = { 0x6FA2, 0x38F5, 0x0390 };     /* primaries of sRGB, adapted to D50 */
static const int32_t green[] = { 0x6299, 0xB785, 0x18DA };
static const int32_t blue[] = { 0x24A0, 0x0F84, 0xB6CF };
static const int32_t adaptation[] = {                        /* Bradford, D65 to D50 */
	0x10C42, 0x05DE, -0x0CDB, 0x0793, 0xFD90, -0x045F, -0x025E, 0x03DC, 0xC06E
};
/* y = ((x + 0.055) / 1.055)^2.4, below 0.04045 x / 12.92: exponent, a, b, c, d. */
static const int32_t curve[] = { 0x26666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B };

static void add_u32(struct dbi_buf *out, uint32_t v)
{
	const char bytes[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v };
	dbi_buf_add(out, bytes, sizeof(bytes));
}

struct tag { const char *name, *type; const char *text; const int32_t *numbers; size_t n; };

static void add_data(struct dbi_buf *out, const struct tag *t)
{
	dbi_buf_add(out, t->type, 4);
	add_u32(out, 0);
	if (t->text) { /* one record of 12 bytes: en-US, length in bytes, offset */
		size_t len = strlen(t->text);
		add_u32(out, 1);
		add_u32(out, 12);
		dbi_buf_add(out, "enUS", 4);
		add_u32(out, (uint32_t)(2 * len));
		add_u32(out, 28);
		for (size_t i = 0; i < len; i++) {
			dbi_buf_addc(out, '\0');
			dbi_buf_addc(out, t->text[i]);
		}
	}
	if (strcmp(t->type, "para") == 0)
		add_u32(out, 3u << 16); /* function type 3 */
	for (size_t i = 0; i < t->n; i++)
		add_u32(out, (uint32_t)t->numbers[i]);
	while (out->len % 4)
		dbi_buf_addc(out, '\0');
}

static void add_header(struct dbi_buf *out, uint32_t size, bool color)
{
	add_u32(out, size);
	add_u32(out, 0);
	add_u32(out, 0x04200000);
	dbi_buf_adds(out, color ? "mntrRGB XYZ " : "mntrGRAYXYZ ");
	add_u32(out, 2026u << 16 | 1); /* made on 2026-01-01 00:00:00 */
	add_u32(out, 1u << 16);
	add_u32(out, 0);
	dbi_buf_adds(out, "acsp");
	for (int i = 0; i < 7; i++) /* platform, flags, maker, model, attributes, intent */
		add_u32(out, 0);
	for (int i = 0; i < 3; i++)
		add_u32(out, (uint32_t)white[i]);
	for (int i = 0; i < 12; i++) /* creator, identifier, reserved */
		add_u32(out, 0);
}

void dbi_profile_write(struct dbi_buf *out, bool color)
{
	const struct tag tags[MAX_TAGS] = {
		{ "desc", "mluc", color ? "sRGB" : "Gray", NULL, 0 }, { "cprt", "mluc", "CC0", NULL, 0 },
		{ "wtpt", "XYZ ", NULL, white, 3 }, { "chad", "sf32", NULL, adaptation, 9 },
		{ color ? "rTRC" : "kTRC", "para", NULL, curve, 5 }, { "gTRC", NULL, NULL, NULL, 0 }, { "bTRC", NULL, NULL, NULL, 0 },
		{ "rXYZ", "XYZ ", NULL, red, 3 }, { "gXYZ", "XYZ ", NULL, green, 3 }, { "bXYZ", "XYZ ", NULL, blue, 3 },
	};
	uint32_t n = color ? MAX_TAGS : 5, at = HEADER_SIZE + 4 + n * TAG_SIZE, from = 0, size = 0;
	struct dbi_buf data = DBI_BUF_INIT, list = DBI_BUF_INIT;

	for (uint32_t i = 0; i < n; i++) {
		if (tags[i].type) { /* else the data of the tag before */
			from = (uint32_t)data.len;
			add_data(&data, &tags[i]);
			size = (uint32_t)data.len - from;
		}
		dbi_buf_add(&list, tags[i].name, 4);
		add_u32(&list, at + from);
		add_u32(&list, size);
	}
	add_header(out, at + (uint32_t)data.len, color);
	add_u32(out, n);
	if (data.failed || list.failed) {
		out->failed = true;
	} else {
		dbi_buf_add(out, list.data, list.len);
		dbi_buf_add(out, data.data, data.len);
	}
	dbi_buf_dispose(&list);
	dbi_buf_dispose(&data);
}
