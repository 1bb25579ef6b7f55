/* SPDX-License-Identifier: MIT */
#include "gather/deadline.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include "util/mem.h"

struct dbi_deadline {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop, armed, passed;
	int64_t at;                /* ns of the monotonic clock */
	int64_t asleep_until;      /* 0: until woken */
	void (*interrupt)(void *);
	void *cursor;
};

static int64_t now(void)
{
	struct timespec t = { 0, 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void *watch(void *user)
{
	dbi_deadline *d = user;
	(void)pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		if (d->armed && !d->passed && now() >= d->at) {
			d->passed = true;
			/* Under the lock: disarm waits, so the cursor cannot be closed meanwhile. */
			d->interrupt(d->cursor);
		} else if (d->armed && !d->passed) {
			struct timespec t = { (time_t)(d->at / 1000000000), (long)(d->at % 1000000000) };
			d->asleep_until = d->at;
			(void)pthread_cond_timedwait(&d->changed, &d->lock, &t);
		} else {
			d->asleep_until = 0;
			(void)pthread_cond_wait(&d->changed, &d->lock);
		}
	}
	(void)pthread_mutex_unlock(&d->lock);
	return NULL;
}

/* Signals are the host's: none is handled in this thread. */
static int start(dbi_deadline *d)
{
	sigset_t all, before;
	int rc;
	(void)sigfillset(&all);
	rc = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (rc)
		return rc;
	rc = pthread_create(&d->thread, NULL, watch, d);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static int system_error(struct dbrief_error *err, int number)
{
	(void)dbi_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_SYSTEM, "",
	    "a thread that watches deadlines could not be started; raise the limit of threads");
	if (err && err->os_errno == 0)
		err->os_errno = number;
	return DBRIEF_FATAL;
}

int dbi_deadline_new(dbi_deadline **out, struct dbrief_error *err)
{
	dbi_deadline *d = dbi_calloc(1, sizeof *d);
	pthread_condattr_t attr;
	int rc;
	*out = NULL;
	if (!d)
		return dbi_error_memory(err);
	rc = pthread_mutex_init(&d->lock, NULL);
	if (rc)
		goto fail;
	rc = pthread_condattr_init(&attr);
	if (rc)
		goto fail_lock;
	rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (!rc)
		rc = pthread_cond_init(&d->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (rc)
		goto fail_lock;
	rc = start(d);
	if (rc)
		goto fail_cond;
	*out = d;
	return DBRIEF_OK;
fail_cond:
	(void)pthread_cond_destroy(&d->changed);
fail_lock:
	(void)pthread_mutex_destroy(&d->lock);
fail:
	dbi_free(d);
	return system_error(err, rc);
}

void dbi_deadline_free(dbi_deadline *d)
{
	if (!d)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->stop = true;
	(void)pthread_cond_signal(&d->changed);
	(void)pthread_mutex_unlock(&d->lock);
	(void)pthread_join(d->thread, NULL);
	(void)pthread_cond_destroy(&d->changed);
	(void)pthread_mutex_destroy(&d->lock);
	dbi_free(d);
}

void dbi_deadline_arm(dbi_deadline *d, unsigned ms, void (*interrupt)(void *), void *cursor)
{
	(void)pthread_mutex_lock(&d->lock);
	d->armed = true;
	d->passed = false;
	d->at = now() + (int64_t)ms * 1000000;
	d->interrupt = interrupt;
	d->cursor = cursor;
	if (d->asleep_until == 0 || d->at < d->asleep_until)
		(void)pthread_cond_signal(&d->changed);
	(void)pthread_mutex_unlock(&d->lock);
}

bool dbi_deadline_disarm(dbi_deadline *d)
{
	bool passed;
	(void)pthread_mutex_lock(&d->lock);
	passed = d->passed;
	d->armed = false;
	d->passed = false;
	(void)pthread_mutex_unlock(&d->lock);
	return passed;
}
