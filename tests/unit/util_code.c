/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include "util/code.h"
#include "util/hash.h"

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char symbols[] = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789-";

static void sample(unsigned n, char out[16])
{
	unsigned char hash[32];

	dbi_sha256(hash, &n, sizeof n);
	dbi_case_code_format(out, hash);
}

static void test_case_code_forms(void)
{
	unsigned char zero[16] = { 0 }, ones[16];
	char code[16], parsed[16], spoken[16];

	memset(ones, 0xFF, sizeof ones);
	dbi_case_code_format(code, zero);
	IS(code, "0000-0000-0000", "the smallest code");
	dbi_case_code_format(code, ones);
	EQ(strlen(code), 14, "a code has three groups of four");
	OK(dbi_case_code_parse(parsed, code), "a code is read back");
	IS(parsed, code, "in the same form");
	memcpy(ones, "\x01\x10\x00\x00\x00\x00\x00\x00", 8);
	dbi_case_code_format(code, ones);
	(void)snprintf(spoken, sizeof spoken, " %.4s%.4s%s", code, code + 5, code + 10);
	for (char *c = spoken; *c; c++)
		*c = *c == '0' ? 'o' : *c == '1' ? 'l' : *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	OK(dbi_case_code_parse(parsed, spoken), "lower case, o for 0, l for 1 and no hyphens are understood");
	IS(parsed, code, "and written in the canonical form");
	OK(!dbi_case_code_parse(parsed, ""), "nothing is no code");
	OK(!dbi_case_code_parse(parsed, "0000-0000-000"), "a short one is none");
	OK(!dbi_case_code_parse(parsed, "0000-0000-00000"), "a long one is none");
	OK(!dbi_case_code_parse(parsed, "U000-0000-0000"), "U is no digit");
	OK(!dbi_case_code_parse(parsed, "0000_0000_0000"), "other signs are none");
}

static void test_case_code_finds_errors(void)
{
	int missed = 0, tried = 0;

	for (unsigned n = 0; n < 200; n++) {
		char code[16], other[16], parsed[16];

		sample(n, code);
		for (size_t i = 0; i < 14; i++) {
			if (code[i] == '-')
				continue;
			for (const char *c = crockford; *c; c++) {
				memcpy(other, code, sizeof other);
				other[i] = *c;
				tried += *c != code[i];
				missed += *c != code[i] && dbi_case_code_parse(parsed, other);
			}
			for (size_t j = i + 1; j < 14; j++) {
				memcpy(other, code, sizeof other);
				other[i] = code[j];
				other[j] = code[i];
				if (code[j] == '-' || code[i] == code[j])
					continue;
				tried++;
				missed += dbi_case_code_parse(parsed, other);
			}
		}
	}
	OK(tried > 50000, "many errors were tried");
	EQ(missed, 0, "no wrong character and no swap passes");
}

static void test_item_code_forms(void)
{
	static const struct {
		unsigned collection, record, field;
		const char *start;
	} cases[] = {
		{ 0, 1, 0, "A01-" }, { 1, 7, 4, "B07-4-" }, { 22, 99, 12, "Z99-12-" }, { 23, 1, 0, "AA01-" }, { 24, 100, 0, "AB0100-" },
		{ 551, 200000, 999, "ZZ200000-999-" }, { 552, 12345, 1, "AAA012345-1-" }, { 2, 0, 0, "C00-" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char code[DBI_ITEM_CODE_SIZE], loose[DBI_ITEM_CODE_SIZE + 4];
		unsigned c = 9999, r = 9999, f = 9999;

		dbi_item_code_format(code, cases[i].collection, cases[i].record, cases[i].field);
		OK(strncmp(code, cases[i].start, strlen(cases[i].start)) == 0 && strlen(code) == strlen(cases[i].start) + 1, code);
		(void)snprintf(loose, sizeof loose, " %s ", code);
		for (char *p = loose; *p; p++)
			*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
		OK(dbi_item_code_parse(loose, &c, &r, &f), "  is read back, also in lower case between blanks");
		OK(c == cases[i].collection && r == cases[i].record && f == cases[i].field, "  with its three numbers");
	}
}

static void test_item_code_refuses(void)
{
	static const char *const bad[] = { "", "A", "A1-K", "01-K", "A01", "A01-", "A01-4", "A001-K", "A01-0-K", "A01-04-K", "I01-K", "A01--K",
		"A01-K-", "A01-K K", "A 01-K", "A0001-K", "AAAAA01-K", "A0123456789-K", "A01-1234567890-K", "A0000000000000000000000000000000001-K" };
	unsigned c, r, f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		OK(!dbi_item_code_parse(bad[i], &c, &r, &f), bad[i]);
}

static void test_item_code_finds_errors(void)
{
	int missed = 0, tried = 0;

	for (unsigned collection = 0; collection < 60; collection += 3) {
		for (unsigned record = 0; record < 2500; record += 83) {
			for (unsigned field = 0; field < 25; field += 6) {
				char code[DBI_ITEM_CODE_SIZE], other[DBI_ITEM_CODE_SIZE];
				unsigned c, r, f;
				size_t len;

				dbi_item_code_format(code, collection, record, field);
				len = strlen(code);
				for (size_t i = 0; i < len; i++) {
					for (const char *s = symbols; *s; s++) {
						memcpy(other, code, sizeof other);
						other[i] = *s;
						tried += *s != code[i];
						missed += *s != code[i] && dbi_item_code_parse(other, &c, &r, &f);
					}
					if (i + 1 == len || code[i] == code[i + 1])
						continue;
					memcpy(other, code, sizeof other);
					other[i] = code[i + 1];
					other[i + 1] = code[i];
					tried++;
					missed += dbi_item_code_parse(other, &c, &r, &f);
				}
			}
		}
	}
	OK(tried > 500000, "many errors were tried");
	EQ(missed, 0, "no wrong character and no swap of neighbours passes");
}

static void test_hashes(void)
{
	char hex[65];
	unsigned char a[16], b[16], key[32] = { 1 };

	dbi_sha256_hex(hex, "abc", 3);
	IS(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256 of abc");
	dbi_blake2b(a, sizeof a, "abc", 3, NULL, 0);
	OK(memcmp(a, "\xcf\x4a\xb7\x91\xc6\x2b\x8d\x2b\x21\x09\xc9\x02\x75\x28\x78\x16", 16) == 0, "BLAKE2b-128 of abc");
	dbi_blake2b(b, sizeof b, "abc", 3, key, sizeof key);
	OK(memcmp(a, b, 16) != 0, "a key gives another hash");
	EQ(dbi_fnv1a(DBI_FNV_START, "a", 1), 0xe40c292cu, "FNV-1a of a");
	dbi_random(a, sizeof a);
	dbi_random(b, sizeof b);
	OK(memcmp(a, b, sizeof a) != 0, "random bytes differ");
	dbi_wipe(a, sizeof a);
	OK(a[0] == 0 && memcmp(a, a + 1, 15) == 0, "wiped bytes are zero");
}

int main(void)
{
	if (!dbi_hash_init())
		return 99;
	test_case_code_forms();
	test_case_code_finds_errors();
	test_item_code_forms();
	test_item_code_refuses();
	test_item_code_finds_errors();
	test_hashes();
	return tap_done();
}
