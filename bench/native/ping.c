// SPDX-License-Identifier: MIT
/*
 * The twin of src/stress/cpus: two threads on two processors, and what a round trip between them takes. The same protocol as
 * `measureRoundTrip` in src/memory/rendezvous.ts, on the same layout, written down once more as a native program would be.
 *
 *   ping    reads pairs of processors from stdin, such as "0 1", a line each; prints for each the round trip in ns, or 0 where the
 *           threads did not answer each other; the median of some probes
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LINE = 16, PROBES = 16, PINGS = 256, PINGS_PER_RUN = 32 };
enum { SPINS_MAX = 200 * 1000, FIRST_SPINS_MAX = 1000 * 1000 };

/* A line of 64 bytes for each thread in each probe. */
static _Alignas(4096) _Atomic int32_t words[2 * PROBES * LINE];
static pthread_barrier_t opened, closed;
static int64_t trips[PROBES];

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* In tenths of ns, to the first thread; 0 to the other, and where that one does not answer. */
static int64_t probe(bool leads, int number)
{
	_Atomic int32_t *lines = &words[2 * number * LINE];
	_Atomic int32_t *mine = lines + (leads ? 0 : LINE), *peer = lines + (leads ? LINE : 0);
	int64_t started = 0, fastest = INT64_MAX;

	for (int32_t ping = 1; ping <= PINGS; ping++) {
		int32_t spins = 0, most = ping == 1 ? FIRST_SPINS_MAX : SPINS_MAX;

		if (leads) atomic_store(mine, ping);
		while (atomic_load(peer) < ping)
			if (++spins > most) return 0;
		if (!leads) {
			atomic_store(mine, ping);
		} else if (ping % PINGS_PER_RUN == 0) {
			int64_t t = now();

			/* The first run gets both sides going. */
			if (ping > PINGS_PER_RUN && t - started < fastest) fastest = t - started;
			started = t;
		}
	}
	return leads ? (fastest * 10 + PINGS_PER_RUN / 2) / PINGS_PER_RUN : 0;
}

static void *thread(void *argument)
{
	bool leads = argument != NULL;

	for (;;) {
		pthread_barrier_wait(&opened);
		for (int number = 0; number < PROBES; number++) {
			int64_t trip = probe(leads, number);

			if (leads) trips[number] = trip;
		}
		pthread_barrier_wait(&closed);
	}
	return NULL;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void move_to(pthread_t which, int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (pthread_setaffinity_np(which, sizeof set, &set) != 0) {
		fprintf(stderr, "ping: cannot move a thread to processor %d\n", processor);
		exit(1);
	}
}

int main(void)
{
	pthread_t first, second;
	int a, b;

	pthread_barrier_init(&opened, NULL, 3);
	pthread_barrier_init(&closed, NULL, 3);
	pthread_create(&first, NULL, thread, words);
	pthread_create(&second, NULL, thread, NULL);
	while (scanf("%d %d", &a, &b) == 2) {
		int answered = 0;

		move_to(first, a);
		move_to(second, b);
		for (int word = 0; word < 2 * PROBES * LINE; word += LINE) atomic_store(&words[word], 0);
		pthread_barrier_wait(&opened);
		pthread_barrier_wait(&closed);
		qsort(trips, PROBES, sizeof trips[0], ascending);
		while (answered < PROBES && trips[PROBES - 1 - answered] > 0) answered++;
		if (answered == 0) {
			puts("0");
		} else {
			const int64_t *from = &trips[PROBES - answered];

			printf("%.2f\n", (from[(answered - 1) / 2] + from[answered / 2]) / 20.0);
		}
		fflush(stdout);
	}
	return 0;
}
