/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "connect/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "connect/fault.h"

#define LOOK_MS 200      /* between looks at whether we were told to stop */
#define GOODBYE_MS 2000  /* to end by itself when its input ends */
#define MAX_ENVIRONMENT 32

struct dbi_process {
	pid_t pid;
	int in, out;          /* ours: its standard input and output */
	atomic_bool killed;
	bool ended;           /* its output has */
	char *bytes;
	size_t at, len, room; /* what was read and not taken yet */
};

/* ---- environment ---- */

struct environment {
	char *entries[MAX_ENVIRONMENT + 1];
	size_t n;
};

static bool add_entry(struct environment *e, const char *name, size_t len, const char *value)
{
	size_t size = len + strlen(value) + 2;
	char *entry = e->n < MAX_ENVIRONMENT ? malloc(size) : NULL;

	if (!entry)
		return false;
	(void)snprintf(entry, size, "%.*s=%s", (int)len, name, value);
	e->entries[e->n++] = entry;
	return true;
}

/* A variable of this process, by the name at `name`. */
static bool pass_entry(struct environment *e, const char *name, size_t len)
{
	char copy[128];
	const char *value;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, name, len);
	copy[len] = '\0';
	value = getenv(copy);
	return !value || add_entry(e, name, len, value);
}

static int read_environment(struct environment *e, const dbrief_source *source, struct dbrief_error *err)
{
	const char *names = dbrief_source_setting(source, "environment");
	bool good = pass_entry(e, "PATH", 4) && pass_entry(e, "HOME", 4) && pass_entry(e, "TZ", 2) &&
	    add_entry(e, "LANG", 4, "C.UTF-8");

	while (good && names && *names) {
		size_t len = strcspn(names, " ,\t\n");

		good = !len || pass_entry(e, names, len);
		names += len + (names[len] ? 1 : 0);
	}
	return good ? DBRIEF_OK : dbi_connect_config(err, dbrief_source_place(source),
	    "the setting environment names too many variables; name fewer");
}

/* ---- start ---- */

/* Never one of the three standard ones, which a host may have closed. */
static int keep_high(int fd)
{
	int high;

	if (fd < 0 || fd > 2)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	(void)close(fd);
	return high;
}

/* A socket for its input, so that a write to a dead program is an error and no signal. */
static int make_channels(struct dbi_process *p, int theirs[2])
{
	int sockets[2] = { -1, -1 }, pipes[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return -1;
	p->in = keep_high(sockets[0]);
	theirs[0] = keep_high(sockets[1]);
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return -1;
	p->out = keep_high(pipes[0]);
	theirs[1] = keep_high(pipes[1]);
	if (p->in < 0 || p->out < 0 || theirs[0] < 0 || theirs[1] < 0)
		return -1;
	(void)shutdown(p->in, SHUT_RD);
	return fcntl(p->out, F_SETFL, O_NONBLOCK) == 0 && fcntl(p->in, F_SETFL, O_NONBLOCK) == 0 ? 0 : -1;
}

static int set_actions(posix_spawn_file_actions_t *actions, const int theirs[2], const dbrief_source *source)
{
	const char *base = dbrief_source_base(source), *keep = dbrief_source_setting(source, "stderr");
	int rc = posix_spawn_file_actions_adddup2(actions, theirs[0], 0);

	if (!rc)
		rc = posix_spawn_file_actions_adddup2(actions, theirs[1], 1);
	/* What it says there may hold values of customers. */
	if (!rc && !(keep && strcmp(keep, "pass") == 0))
		rc = posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
	if (!rc)
		rc = posix_spawn_file_actions_addclosefrom_np(actions, 3);
	if (!rc)
		rc = posix_spawn_file_actions_addchdir_np(actions, base && base[0] ? base : ".");
	return rc;
}

/* A group of its own, and no signal blocked or ignored because it is in the host. */
static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t set;
	int rc;

	(void)sigfillset(&set);
	rc = posix_spawnattr_setsigdefault(attributes, &set);
	(void)sigemptyset(&set);
	if (!rc)
		rc = posix_spawnattr_setsigmask(attributes, &set);
	if (!rc)
		rc = posix_spawnattr_setpgroup(attributes, 0);
	return rc ? rc : posix_spawnattr_setflags(attributes,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static int spawn(struct dbi_process *p, const int theirs[2], const dbrief_source *source, char **words, char **environment)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return rc;
	rc = posix_spawnattr_init(&attributes);
	if (!rc) {
		rc = set_actions(&actions, theirs, source);
		if (!rc)
			rc = set_attributes(&attributes);
		if (!rc)
			rc = posix_spawnp(&p->pid, words[0], &actions, &attributes, words, environment);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int cannot_start(struct dbrief_error *err, const dbrief_source *source, const char *program, int number)
{
	int status = dbi_connect_error(err, DBRIEF_FATAL, DBRIEF_CAUSE_CONFIG, dbrief_source_place(source),
	    "cannot start the program '%.80s' (%s); a program beside the configuration is written ./%.40s", program,
	    number == ENOENT ? "No such file or directory" : number == EACCES ? "Permission denied" : "not possible",
	    strrchr(program, '/') ? strrchr(program, '/') + 1 : program);

	if (err)
		err->os_errno = number;
	return status;
}

static int start(struct dbi_process *p, const dbrief_source *source, char **words, struct dbrief_error *err)
{
	struct environment e = { { NULL }, 0 };
	int theirs[2] = { -1, -1 }, rc, status = read_environment(&e, source, err);

	if (status == DBRIEF_OK && make_channels(p, theirs) != 0)
		status = dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_SYSTEM, "",
		    "no more files can be opened; raise the limit of open files");
	if (status == DBRIEF_OK) {
		rc = spawn(p, theirs, source, words, e.entries);
		if (rc) {
			p->pid = 0;
			status = cannot_start(err, source, words[0], rc);
		}
	}
	for (int i = 0; i < 2; i++)
		if (theirs[i] >= 0)
			(void)close(theirs[i]);
	for (size_t i = 0; i < e.n; i++)
		free(e.entries[i]);
	return status;
}

int dbi_process_start(struct dbi_process **process, const dbrief_source *source, struct dbrief_error *err)
{
	const char *url = dbrief_source_url(source), *place = dbrief_source_place(source);
	struct dbi_process *p;
	char **words = NULL;
	int status;

	*process = NULL;
	if (!url || strncmp(url, "exec:", 5) != 0)
		return dbi_connect_config(err, place,
		    "the source names no program; give url=\"exec:PROGRAM\" or --source ID=exec:PROGRAM");
	status = dbi_exec_split(&words, url + 5, place, err);
	if (status != DBRIEF_OK)
		return status;
	p = calloc(1, sizeof(*p));
	if (p) {
		p->in = p->out = -1;
		status = start(p, source, words, err);
	} else {
		status = dbi_connect_memory(err);
	}
	free(words);
	if (status == DBRIEF_OK)
		*process = p;
	else
		dbi_process_free(p);
	return status;
}

/* ---- end ---- */

static bool has_exited(pid_t pid)
{
	siginfo_t info;

	info.si_pid = 0;
	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

void dbi_process_kill(struct dbi_process *p)
{
	atomic_store(&p->killed, true);
	if (p->pid > 0)
		(void)kill(-p->pid, SIGKILL);
}

void dbi_process_free(struct dbi_process *p)
{
	const struct timespec pause = { 0, 10 * 1000000L };

	if (!p)
		return;
	if (p->in >= 0)
		(void)close(p->in);
	if (p->pid > 0) {
		for (int ms = 0; ms < GOODBYE_MS && !atomic_load(&p->killed) && !has_exited(p->pid); ms += 10)
			(void)nanosleep(&pause, NULL);
		/* Before it is waited for, so that the number is still its own: also what it left running. */
		dbi_process_kill(p);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (p->out >= 0)
		(void)close(p->out);
	free(p->bytes);
	free(p);
}

/* ---- lines ---- */

static unsigned long now_ms(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec * 1000 + (unsigned long)t.tv_nsec / 1000000;
}

/* Its end is worth another try with a fresh one. */
static int died(const struct dbi_process *p, struct dbrief_error *err)
{
	const struct timespec pause = { 0, 10 * 1000000L };
	siginfo_t info;
	int exited = 0;

	if (atomic_load(&p->killed))
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_CANCELLED, "", "the program was stopped");
	/* Its output ends a moment before itself. */
	for (int i = 0; i < 20 && !exited; i++) {
		info.si_pid = 0;
		exited = waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == p->pid;
		if (!exited)
			(void)nanosleep(&pause, NULL);
	}
	return dbi_connect_error(err, DBRIEF_RETRY, DBRIEF_CAUSE_CONNECTOR, "",
	    exited ? info.si_code == CLD_EXITED ? "the program ended in mid-answer (exit status %d); look for its mistake" :
	    "the program ended in mid-answer (signal %d); look for its mistake" :
	    "the program closed its output in mid-answer (%d); look for its mistake", exited ? info.si_status : 0);
}

/* Makes room for another read. */
static int make_room(struct dbi_process *p, struct dbrief_error *err)
{
	size_t room;
	char *grown;

	if (p->at) {
		memmove(p->bytes, p->bytes + p->at, p->len - p->at);
		p->len -= p->at;
		p->at = 0;
	}
	if (p->len < p->room)
		return DBRIEF_OK;
	if (p->room >= DBI_EXEC_MAX_LINE)
		return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_LIMIT, "",
		    "the program wrote a line longer than %u MB; hand large values over in another way", DBI_EXEC_MAX_LINE >> 20);
	room = p->room ? 2 * p->room : 65536;
	grown = realloc(p->bytes, room);
	if (!grown)
		return dbi_connect_memory(err);
	p->bytes = grown;
	p->room = room;
	return DBRIEF_OK;
}

/* Reads what is there, if anything. */
static int read_some(struct dbi_process *p, struct dbrief_error *err)
{
	int status = make_room(p, err);
	ssize_t got;

	if (status != DBRIEF_OK)
		return status;
	do
		got = read(p->out, p->bytes + p->len, p->room - p->len);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		p->len += (size_t)got;
	else if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))
		p->ended = true;
	return DBRIEF_OK;
}

/* Waits for either side. */
static void wait_for(const struct dbi_process *p, bool writing)
{
	struct pollfd fds[] = { { p->out, POLLIN, 0 }, { p->in, POLLOUT, 0 } };

	(void)poll(fds, writing ? 2 : 1, LOOK_MS);
}

static int silent(struct dbrief_error *err, unsigned ms)
{
	return dbi_connect_error(err, DBRIEF_FAILED, DBRIEF_CAUSE_DEADLINE, "",
	    "the program neither read nor wrote for %u seconds; look for its mistake", ms / 1000);
}

int dbi_process_send(struct dbi_process *p, const char *bytes, size_t len, struct dbrief_error *err)
{
	unsigned long begin = now_ms();
	int status = DBRIEF_OK;

	while (status == DBRIEF_OK && len) {
		ssize_t sent = send(p->in, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
			/* It may wait for us to read before it reads on. */
			wait_for(p, true);
			status = read_some(p, err);
		} else {
			status = died(p, err);
		}
		if (status == DBRIEF_OK && len && (p->ended || atomic_load(&p->killed)))
			status = died(p, err);
		else if (status == DBRIEF_OK && now_ms() - begin > DBI_EXEC_PATIENCE_MS)
			status = silent(err, DBI_EXEC_PATIENCE_MS);
	}
	return status;
}

int dbi_process_line(struct dbi_process *p, unsigned patience_ms, const char **line, size_t *len, struct dbrief_error *err)
{
	unsigned long begin = now_ms();
	size_t seen = p->at;

	for (;;) {
		char *end = p->len > seen ? memchr(p->bytes + seen, '\n', p->len - seen) : NULL;
		int status;

		if (end) {
			*line = p->bytes + p->at;
			*len = (size_t)(end - *line);
			p->at = (size_t)(end + 1 - p->bytes);
			return DBRIEF_OK;
		}
		if (p->ended || atomic_load(&p->killed))
			return died(p, err);
		if (patience_ms && now_ms() - begin > patience_ms)
			return silent(err, patience_ms);
		seen = p->len - p->at;
		wait_for(p, false);
		status = read_some(p, err);
		if (status != DBRIEF_OK)
			return status;
	}
}
