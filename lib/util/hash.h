/* SPDX-License-Identifier: MIT */
/* The libsodium door: SHA-256, keyed BLAKE2b, random, wiping. And FNV-1a for tables. */
#ifndef DBI_HASH_H
#define DBI_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

bool dbi_hash_init(void);                                             /* once per process, any thread */
void dbi_sha256(unsigned char out[32], const void *bytes, size_t len);
void dbi_sha256_hex(char out[65], const void *bytes, size_t len);
/* SHA-256 of pieces. A state needs no end and may be copied. */
struct dbi_sha256_state { uint64_t room[16]; };
void dbi_sha256_begin(struct dbi_sha256_state *s);
void dbi_sha256_add(struct dbi_sha256_state *s, const void *bytes, size_t len);
void dbi_sha256_end_hex(struct dbi_sha256_state *s, char out[65]);
/* BLAKE2b of out_len (16..64) bytes; key may be NULL with key_len 0. */
void dbi_blake2b(unsigned char *out, size_t out_len, const void *bytes, size_t len, const void *key, size_t key_len);
void dbi_blake2b_hex(char out[65], const void *bytes, size_t len);     /* 32 bytes, no key */
/* Ed25519 (RFC 8032): a key pair, a signature, whether it is one of the key. */
void dbi_sign_key(unsigned char public_key[32], unsigned char secret_key[64]);
void dbi_sign(unsigned char signature[64], const void *bytes, size_t len, const unsigned char secret_key[64]);
bool dbi_sign_check(const unsigned char signature[64], const void *bytes, size_t len, const unsigned char public_key[32]);
void dbi_random(void *out, size_t len);
void dbi_hex(char *out, const void *bytes, size_t len);               /* 2 * len digits and NUL */
/* Of a file that is not finished: random, hidden, and known to what cleans up after a killed process. */
#define DBI_TEMP_NAME_SIZE 40
void dbi_temp_name(char out[DBI_TEMP_NAME_SIZE]);
void dbi_wipe(void *p, size_t len);
static inline uint32_t dbi_fnv1a(uint32_t h, const void *bytes, size_t len) {
	const unsigned char *p = bytes;
	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 16777619u;
	return h;
}
#define DBI_FNV_START 2166136261u
void dbi_sodium_version(char *out, size_t size);                      /* "libsodium 1.0.18": the one in use */

#endif
