/* SPDX-License-Identifier: MIT */
/* Release of a held run: key, token, signature, the move into place. */
#include <datenbrief/release.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api.h"
#include "batch/ledger.h"
#include "batch/point.h"
#include "batch/run.h"
#include "util/file.h"
#include "util/hash.h"
#include "util/mem.h"

#define TOKEN_WORD "datenbrief-release-1"
#define KEY_WORD "datenbrief-release-secret-key-1 "

static void to_hex(char *out, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
}

static bool from_hex(unsigned char *out, const char *text, size_t n)
{
	for (size_t i = 0; i < 2 * n; i++) {
		char c = text[i];
		unsigned v = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;

		if (v > 15)
			return false;
		out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | v : v << 4);
	}
	return true;
}

/* ---- keys ---- */

static int write_secret(const char *path, const char *text, size_t len, struct dbrief_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
	int number = errno;

	if (fd >= 0 && (close(fd) != 0 || !good))
		(void)unlink(path);
	if (good)
		return DBRIEF_OK;
	return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, path,
	    "the key cannot be written (%s); name a new file in a folder of yours", dbi_errno_text(number));
}

int dbrief_release_key_create(const char *path, char public_key[DBRIEF_RELEASE_KEY_SIZE], struct dbrief_error *err)
{
	unsigned char pub[32], secret[64];
	char text[sizeof(KEY_WORD) + 130];
	int status;

	dbrief_error_clear(err);
	if (!path || !public_key)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the file or the place for the public key is NULL; pass both");
	if (!dbi_hash_init())
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "", "libsodium cannot start; check the system's random source");
	dbi_sign_key(pub, secret);
	memcpy(text, KEY_WORD, sizeof(KEY_WORD) - 1);
	to_hex(text + sizeof(KEY_WORD) - 1, secret, 64);
	text[sizeof(KEY_WORD) - 1 + 128] = '\n';
	status = write_secret(path, text, sizeof(KEY_WORD) + 128, err);
	to_hex(public_key, pub, 32);
	dbi_wipe(secret, sizeof(secret));
	dbi_wipe(text, sizeof(text));
	return status;
}

static int read_secret(const char *path, unsigned char secret[64], struct dbrief_error *err)
{
	struct dbi_buf text = DBI_BUF_INIT;
	struct stat st;
	int status;

	if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)))
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path,
		    "group or others may read the secret key; take that right away (chmod go=), or make a new key");
	status = dbi_file_read(&text, path, 4096, DBRIEF_CAUSE_CONFIG, err);
	if (status == DBRIEF_OK && (text.len < sizeof(KEY_WORD) - 1 + 128 || memcmp(text.data, KEY_WORD, sizeof(KEY_WORD) - 1) != 0 ||
	    !from_hex(secret, text.data + sizeof(KEY_WORD) - 1, 64)))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, path,
		    "is no secret key; make one with datenbrief release --make-key");
	if (text.data)
		dbi_wipe(text.data, text.cap);
	dbi_buf_dispose(&text);
	return status;
}

/* ---- token ---- */

/* What is signed: a word of our own, so that the signature is good for nothing else, and the hash of the seal. */
static size_t message_of(const char *seal_hash, char out[96])
{
	return (size_t)snprintf(out, 96, "%s %.64s", TOKEN_WORD, seal_hash);
}

int dbrief_release_token(const char *seal_path, const char *key_path, char token[DBRIEF_RELEASE_TOKEN_SIZE], struct dbrief_error *err)
{
	struct dbi_buf seal = DBI_BUF_INIT;
	unsigned char secret[64], signature[64];
	char hash[65], message[96], hex[129];
	int status;

	dbrief_error_clear(err);
	if (!seal_path || !key_path || !token)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the seal, the key or the place for the token is NULL; pass all");
	if (!dbi_hash_init())
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "", "libsodium cannot start; check the system's random source");
	status = dbi_file_read(&seal, seal_path, 65536, DBRIEF_CAUSE_CONFIG, err);
	if (status == DBRIEF_OK && (seal.len < 5 || memcmp(seal.data, "plan ", 5) != 0 || !strstr(seal.data, "\nseal ")))
		status = dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, seal_path, "is no seal; name journal/seal of the run");
	if (status == DBRIEF_OK)
		status = read_secret(key_path, secret, err);
	if (status == DBRIEF_OK) {
		dbi_sha256_hex(hash, seal.data, seal.len);
		dbi_sign(signature, message, message_of(hash, message), secret);
		to_hex(hex, signature, 64);
		(void)snprintf(token, DBRIEF_RELEASE_TOKEN_SIZE, "%.85s %.128s\n", message, hex);
	}
	dbi_wipe(secret, sizeof(secret));
	dbi_buf_dispose(&seal);
	return status;
}

static int refuse(const dbrief_run *run, const char *text, struct dbrief_error *err)
{
	return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, run->folder.path, "%s", text);
}

static int check_token(const dbrief_run *run, const char *token, struct dbrief_error *err)
{
	const char *key = dbi_plan_meta(run->plan, "release-key");
	unsigned char pub[32], signature[64];
	char seal[65] = "", message[96];
	uint64_t bytes = 0;
	size_t len;
	int status = dbi_file_sha256(run->journal, "seal", run->folder.path, seal, &bytes, err);

	if (status == DBRIEF_EOF)
		return refuse(run, "the run has no seal yet; end it with datenbrief run first", err);
	if (status != DBRIEF_OK)
		return status;
	len = message_of(seal, message);
	if (strncmp(token, TOKEN_WORD " ", sizeof(TOKEN_WORD)) != 0 || strlen(token) < len + 129)
		return refuse(run, "this is no token; the second person makes one with datenbrief release --make-token", err);
	if (strncmp(token, message, len) != 0)
		return refuse(run, "the token is for other letters; the second person has to look at these and make a new one", err);
	if (!from_hex(pub, key, 32) || !from_hex(signature, token + len + 1, 64) || !dbi_sign_check(signature, message, len, pub))
		return refuse(run, "the token was not made with the key that the plan names; ask the person who has it", err);
	return DBRIEF_OK;
}

bool dbi_run_has_token(const dbrief_run *run)
{
	char *path = dbi_folder_path(&run->folder, "journal/released");
	struct dbi_buf token = DBI_BUF_INIT;
	bool good = path && dbi_file_read(&token, path, 4096, DBRIEF_CAUSE_SINK, NULL) == DBRIEF_OK && token.data &&
	    check_token(run, token.data, NULL) == DBRIEF_OK;

	dbi_buf_dispose(&token);
	dbi_free(path);
	return good;
}

/* ---- the move ---- */

int dbrief_run_is_held(const dbrief_run *run)
{
	return run && run->product.fd >= 0;
}

static int record(const dbrief_run *run, const char *token, struct dbrief_error *err)
{
	char *path = dbi_folder_path(&run->folder, "journal/released");
	struct dbrief_sink sink;
	int status;

	memset(&sink, 0, sizeof(sink));
	status = path ? dbrief_sink_init_file(&sink, path, err) : dbi_error_memory(err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, token, strcspn(token, "\r\n"), err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, "\n", 1, err);
	if (status == DBRIEF_OK)
		status = sink.commit(sink.user, err);
	dbrief_sink_dispose(&sink);
	dbi_free(path);
	return status;
}

static int move(dbrief_run *run, struct dbrief_error *err)
{
	const char *name = dbi_form_product(run->form);

	dbi_point("before-release");
	if (renameat(run->product.fd, name, run->folder.fd, name) != 0 || (fsync(run->folder.fd) != 0 && errno != EINVAL))
		return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, errno, run->folder.path,
		    "the letters cannot be moved to their place (%s); check rights and disk, then release again", dbi_errno_text(errno));
	dbi_point("after-release");
	(void)unlinkat(run->folder.fd, "unreleased", AT_REMOVEDIR);
	dbi_folder_close(&run->product);
	return DBRIEF_OK;
}

static int verify(dbrief_run *run, void (*finding)(void *user, const char *place, const char *text), void *user,
    struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	int status;

	run->releasing = true;
	status = dbrief_run_verify(run, finding, user, counts, err);
	run->releasing = false;
	return status;
}

int dbrief_run_release(dbrief_run *run, const char *token, void (*finding)(void *user, const char *place, const char *text),
    void *user, struct dbrief_run_counts *counts, struct dbrief_error *err)
{
	int status;

	dbrief_error_clear(err);
	if (!run || !token)
		return dbi_misuse(err, DBRIEF_CAUSE_ARG, "the run or the token is NULL; pass both");
	if (!dbi_plan_meta(run->plan, "release-key")[0])
		return dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, run->folder.path,
		    "this run is not held, so there is nothing to release; hold the next one with --hold-release");
	status = check_token(run, token, err);
	if (status == DBRIEF_OK)
		status = verify(run, finding, user, counts, err);
	if (status == DBRIEF_OK)
		status = dbi_ledger_write(run, err);
	if (status == DBRIEF_OK && dbrief_run_is_held(run))
		status = move(run, err);
	if (status == DBRIEF_OK)
		status = record(run, token, err);
	if (status == DBRIEF_OK)
		dbi_samples_remove(run); /* nobody needs these copies of personal data any more */
	return status;
}
