/* SPDX-License-Identifier: MIT */
#include "util/hash.h"

#include <sodium.h>
#include <stdio.h>

bool dbi_hash_init(void)
{
	return sodium_init() >= 0;
}

void dbi_hex(char *out, const void *bytes, size_t len)
{
	(void)sodium_bin2hex(out, 2 * len + 1, bytes, len);
}

void dbi_temp_name(char out[DBI_TEMP_NAME_SIZE])
{
	unsigned char random[8];
	char hex[2 * sizeof(random) + 1];

	dbi_random(random, sizeof(random));
	dbi_hex(hex, random, sizeof(random));
	(void)snprintf(out, DBI_TEMP_NAME_SIZE, ".datenbrief-%s.tmp", hex);
}

void dbi_sha256(unsigned char out[32], const void *bytes, size_t len)
{
	(void)crypto_hash_sha256(out, bytes, len);
}

void dbi_sha256_hex(char out[65], const void *bytes, size_t len)
{
	unsigned char hash[32];

	dbi_sha256(hash, bytes, len);
	dbi_hex(out, hash, sizeof(hash));
}

_Static_assert(sizeof(struct dbi_sha256_state) >= sizeof(crypto_hash_sha256_state), "room for libsodium's state");

void dbi_sha256_begin(struct dbi_sha256_state *s)
{
	(void)crypto_hash_sha256_init((crypto_hash_sha256_state *)s->room);
}

void dbi_sha256_add(struct dbi_sha256_state *s, const void *bytes, size_t len)
{
	(void)crypto_hash_sha256_update((crypto_hash_sha256_state *)s->room, bytes, len);
}

void dbi_sha256_end_hex(struct dbi_sha256_state *s, char out[65])
{
	unsigned char hash[32];

	(void)crypto_hash_sha256_final((crypto_hash_sha256_state *)s->room, hash);
	dbi_hex(out, hash, sizeof(hash));
}

void dbi_blake2b(unsigned char *out, size_t out_len, const void *bytes, size_t len, const void *key, size_t key_len)
{
	(void)crypto_generichash_blake2b(out, out_len, bytes, len, key, key_len);
}

void dbi_blake2b_hex(char out[65], const void *bytes, size_t len)
{
	unsigned char hash[32];

	dbi_blake2b(hash, sizeof(hash), bytes, len, NULL, 0);
	dbi_hex(out, hash, sizeof(hash));
}

void dbi_sign_key(unsigned char public_key[32], unsigned char secret_key[64])
{
	(void)crypto_sign_ed25519_keypair(public_key, secret_key);
}

void dbi_sign(unsigned char signature[64], const void *bytes, size_t len, const unsigned char secret_key[64])
{
	(void)crypto_sign_ed25519_detached(signature, NULL, bytes, len, secret_key);
}

bool dbi_sign_check(const unsigned char signature[64], const void *bytes, size_t len, const unsigned char public_key[32])
{
	return crypto_sign_ed25519_verify_detached(signature, bytes, len, public_key) == 0;
}

void dbi_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void dbi_wipe(void *p, size_t len)
{
	sodium_memzero(p, len);
}

void dbi_sodium_version(char *out, size_t size)
{
	(void)snprintf(out, size, "libsodium %s", sodium_version_string());
}
