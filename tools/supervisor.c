/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include "cli.h"
#include "supervisor.h"

#define MAX_CRASHES 100        /* of one run */
#define MAX_WITHOUT_LETTER 12  /* in a row */
#define BACKOFF_MS 100
#define BACKOFF_MAX_MS 5000

static const int passed_on[] = { SIGINT, SIGTERM, SIGHUP };

/* What is ignored (SIGHUP under nohup, SIGINT in the background of a script) stays so: a blocked signal would be seen all the same. */
static void wanted(sigset_t *set)
{
	struct sigaction action;

	(void)sigemptyset(set);
	(void)sigaddset(set, SIGCHLD);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		if (passed_on[i] == SIGTERM || sigaction(passed_on[i], NULL, &action) != 0 || action.sa_handler != SIG_IGN)
			(void)sigaddset(set, passed_on[i]);
}

/* Who started us may have ignored SIGCHLD, and that is inherited: then no child's end would ever be told. */
static void hear_of_children(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGCHLD, &action, NULL);
}

static bool asks_to_stop(int number)
{
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		if (passed_on[i] == number)
			return true;
	return false;
}

static pid_t start(int (*work)(void *, struct supervised *), void *ctx, struct supervised *s, const sigset_t *before)
{
	pid_t parent = getpid(), child = fork();

	if (child != 0)
		return child;
#if defined(__linux__)
	/* Whoever kills the supervisor means the run: everything it publishes can be cut off at any moment. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
	if (getppid() != parent)
		_exit(EXIT_TEMPORARY);
	(void)sigprocmask(SIG_SETMASK, before, NULL);
	exit(work(ctx, s));
}

/* Waits for the child's end; signals go to it. A terminal has sent its own to the child as well. */
static int wait_for(pid_t child, const sigset_t *set, bool *stopping)
{
	int status = 0;

	for (;;) {
		siginfo_t info;
		int number;
		pid_t pid = waitpid(child, &status, WNOHANG);

		if (pid == child)
			return status;
		if (pid < 0 && errno != EINTR) {
			message("run", "the end of the work cannot be learned; start again");
			return EXIT_FATAL << 8;
		}
		number = sigwaitinfo(set, &info);
		if (number < 0 || number == SIGCHLD)
			continue;
		*stopping = true;
		if (info.si_code <= 0)
			(void)kill(child, number);
	}
}

static void rest(unsigned crashes, const sigset_t *set, bool *stopping)
{
	long ms = BACKOFF_MS;
	struct timespec t;
	int number;

	for (unsigned i = 1; i < crashes && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	ms = ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : ms;
	t.tv_sec = ms / 1000;
	t.tv_nsec = ms % 1000 * 1000000;
	while ((number = sigtimedwait(set, NULL, &t)) > 0)
		if (number != SIGCHLD) {
			*stopping = true;
			return;
		}
}

/* EXIT_DONE: start again. */
static int judge(int status, bool stopping, unsigned long letters, unsigned *crashes, unsigned *idle)
{
	int number = WTERMSIG(status);

	if (stopping || asks_to_stop(number))
		return EXIT_TEMPORARY;
	*idle = letters ? 1 : *idle + 1;
	if (++*crashes == 1 && letters == 0) {
		message("run", "the program crashed before the first letter (signal %d); report this fault", number);
		return EXIT_FATAL;
	}
	if (*crashes >= MAX_CRASHES || *idle >= MAX_WITHOUT_LETTER) {
		message("run", "the program crashed %u times, now by signal %d; report this fault", *crashes, number);
		return EXIT_FATAL;
	}
	message("run", "the program crashed (signal %d) and is started again; letters that were at work are tried alone", number);
	return EXIT_DONE;
}

int supervise(int (*work)(void *ctx, struct supervised *s), void *ctx)
{
	struct supervised s = { NULL, false };
	sigset_t set, before;
	bool stopping = false;
	unsigned crashes = 0, idle = 0;
	int code = EXIT_DONE;

	s.shared = mmap(NULL, sizeof(*s.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s.shared == MAP_FAILED) {
		message("run", "out of memory; free some and start again");
		return EXIT_FATAL;
	}
	hear_of_children();
	wanted(&set);
	(void)sigprocmask(SIG_BLOCK, &set, &before);
	do {
		pid_t child;
		int status;

		if (s.crashed)
			rest(idle, &set, &stopping);
		atomic_store(&s.shared->letters, 0);
		if (stopping) {
			code = EXIT_TEMPORARY;
			break;
		}
		child = start(work, ctx, &s, &before);
		if (child < 0) {
			message("run", "no process can be started; raise the limit of processes");
			code = EXIT_TEMPORARY;
			break;
		}
		status = wait_for(child, &set, &stopping);
		if (!WIFSIGNALED(status)) {
			code = WEXITSTATUS(status);
			break;
		}
		s.crashed = true;
		code = judge(status, stopping, atomic_load(&s.shared->letters), &crashes, &idle);
	} while (code == EXIT_DONE);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)munmap(s.shared, sizeof(*s.shared));
	return code;
}
