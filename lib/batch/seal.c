/* SPDX-License-Identifier: MIT */
/*
 * The seal: hashes of plan and lists, whose rows hold the hash of each letter,
 * and the counts, under one hash keyed with the case code's key. Who has not
 * the key cannot make another one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <datenbrief/sink.h>

#include "batch/run.h"
#include "util/hash.h"
#include "util/mem.h"

int dbi_seal_text(struct dbi_buf *out, const dbrief_run *run, const struct dbrief_run_counts *c, const char *manifest,
    const char *held, struct dbrief_error *err)
{
	unsigned char hash[32];
	char hex[2 * sizeof(hash) + 1];
	char lots[65];
	uint64_t bytes;

	dbi_buf_addf(out, "plan %s\nmanifest %s\nheld %s\n", run->plan_hash, manifest, held);
	if (dbi_file_sha256(run->journal, "lots", run->folder.path, lots, &bytes, NULL) == DBRIEF_OK)
		dbi_buf_addf(out, "lots %s\n", lots);
	dbi_buf_addf(out, "planned %llu\nwritten %llu\nheld %llu\npages %llu\nsheets %llu\n", (unsigned long long)c->planned,
	    (unsigned long long)c->written, (unsigned long long)c->held, (unsigned long long)c->pages,
	    (unsigned long long)c->sheets);
	if (out->failed)
		return dbi_error_memory(err);
	dbi_engine_keyed(run->engine, out->data, out->len, hash);
	dbi_hex(hex, hash, sizeof(hash));
	dbi_buf_addf(out, "seal %s\n", hex);
	return out->failed ? dbi_error_memory(err) : DBRIEF_OK;
}

int dbi_seal_write(const dbrief_run *run, const struct dbi_buf *text, struct dbrief_error *err)
{
	char *path = dbi_folder_path(&run->folder, "journal/seal");
	struct dbrief_sink sink;
	int status;

	if (!path)
		return dbi_error_memory(err);
	status = dbrief_sink_init_file(&sink, path, err);
	if (status == DBRIEF_OK)
		status = sink.write(sink.user, text->data, text->len, err);
	if (status == DBRIEF_OK)
		status = sink.commit(sink.user, err);
	dbrief_sink_dispose(&sink);
	dbi_free(path);
	return status;
}

int dbi_file_sha256(int dir, const char *name, const char *place, char out[65], uint64_t *bytes, struct dbrief_error *err)
{
	char buffer[16384];
	struct dbi_sha256_state state;
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), number = errno;
	ssize_t n;

	*bytes = 0;
	if (fd < 0 && number == ENOENT)
		return DBRIEF_EOF;
	dbi_sha256_begin(&state);
	while (fd >= 0 && (n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			number = errno;
			break;
		}
		dbi_sha256_add(&state, buffer, (size_t)n);
		*bytes += (uint64_t)n;
	}
	if (fd < 0 || n < 0) {
		if (fd >= 0)
			(void)close(fd);
		return dbi_error_system(err, DBRIEF_FATAL, DBRIEF_CAUSE_SINK, number, place, "cannot be read (%s); check rights and disk",
		    dbi_errno_text(number));
	}
	(void)close(fd);
	dbi_sha256_end_hex(&state, out);
	return DBRIEF_OK;
}
