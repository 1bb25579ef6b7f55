/* SPDX-License-Identifier: MIT */
/*
 * Release: two persons for one run. A plan made with a second person's public
 * key keeps its letters or lots in DIR/unreleased. That person looks at the
 * samples and the report, and signs the seal with the secret key, which the
 * one who ran does not have: the token. With it the letters are moved to their
 * place. Signatures are Ed25519 (RFC 8032).
 */
#ifndef DATENBRIEF_RELEASE_H
#define DATENBRIEF_RELEASE_H

#include <datenbrief/run.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 64 hexadecimal digits and NUL. */
#define DBRIEF_RELEASE_KEY_SIZE 65
/* A line of text: "datenbrief-release-1 SEAL SIGNATURE\n" and NUL. */
#define DBRIEF_RELEASE_TOKEN_SIZE 216

/* Makes a key pair: the secret key goes into a new file (mode 0600), the public one to the caller. */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_release_key_create(const char *path, char public_key[DBRIEF_RELEASE_KEY_SIZE],
    struct dbrief_error *err);
/*
 * Signs a run's seal (DIR/journal/seal or a copy of it). A secret key that
 * others may read is refused.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_release_token(const char *seal_path, const char *key_path,
    char token[DBRIEF_RELEASE_TOKEN_SIZE], struct dbrief_error *err);
/*
 * Checks the token against the plan's key and this run's seal, verifies the
 * run, and moves the letters from DIR/unreleased to their place by one rename;
 * the token is kept in DIR/journal/released, and the samples are removed. May be called again after it was
 * killed. FATAL, cause CONFIG: the plan has no key, the token is not that
 * person's, or not for these letters; INCOMPLETE: they are not what was sealed.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_release(dbrief_run *run, const char *token,
    void (*finding)(void *user, const char *place, const char *text), void *user, struct dbrief_run_counts *counts,
    struct dbrief_error *err);
/* Whether the run waits for a release: 1, or 0. */
DBRIEF_API int dbrief_run_is_held(const dbrief_run *run);
/*
 * Writes letters of the run once more into DIR/samples, with `stamp` ("Muster -
 * nicht versenden") across their pages: the first, the last, the longest and
 * the shortest of the plan, up to `random` others drawn by the plan's hash,
 * and the first that each template made in each language (up to 64:
 * template-2-de.pdf, numbers as the configuration lists them). A letter made anew shows the data of now. Engine frozen.
 */
DBRIEF_API DBRIEF_MUST_CHECK int dbrief_run_samples(dbrief_run *run, const char *stamp, unsigned random,
    struct dbrief_error *err);

#ifdef __cplusplus
}
#endif
#endif
