// SPDX-License-Identifier: MIT
/*
 * The C11 twin of the hardware engine's `primed` trial, for `none` and `upstream`: one finder, one reclaim, reads left in
 * flight. The same layout, the same shared accesses in the same order, the same rendezvous, stride, judgement, counters
 * and reset as src/, written down once more as a native program would be: it says what the hardware allows.
 *
 *   twin bench STRATEGY PAGES WORLDS STRIDE    reads block lengths in ms from stdin, a line each; prints for each
 *                                              seconds, trials, violations, round trip in ns, then outcome counts
 *   twin trace STRATEGY PAGES ACTOR            prints the shared accesses of one uncontended trial of one actor
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int32_t word;
typedef uint32_t address;

enum { LINE = 16, ACTORS = 2 };
enum { FS_TREE_SLOT = 0, FS_BUFFER_LOCK = 1, FS_PRIVATE_LOCK = 16, FS_OOPS = 17, FS_IO = 18, FS_PAGES = 48 };
enum { PAGE_FLAGS, PAGE_PRIVATE, PAGE_REFCOUNT, PAGE_PAYLOAD, PAGE_OWNER };
enum { EB_REFS, EB_BFLAGS, EB_IO_PAGES, EB_REFS_LOCK, EB_READ_MIRROR, EB_PAGES, EB_SLAB };
enum { UPTODATE, DIRTY, TREE_REF = 4, STALE, WRITEBACK, READ_ERR, UNMAPPED, IN_TREE };
enum { PG_LOCKED = 0, PG_REFERENCED = 1, PG_UPTODATE = 2, PG_DIRTY = 3, PG_ERROR = 8, PG_PRIVATE = 13, PG_WRITEBACK = 15 };
enum { SLAB_FREE, SLAB_ALLOCATED, SLAB_RCU_PENDING };
enum { POISON = 0x6b6b6b6b, VERIFIED = 2, SPINS_MAX = 20000 };
enum { B1 = 1, B2, B3, B4, UAF = 9, DF, Q1, Q2, Q3 };
enum {
	FOUND = 1 << 0, MISSED = 1 << 1, DYING_FOUND = 1 << 2, STALE_HANDSHAKE = 1 << 3, TREE_REF_SET = 1 << 4,
	RESCUED = 1 << 5, READ_STARTED = 1 << 6, READ_SKIPPED = 1 << 7, ALREADY_UPTODATE = 1 << 8, READ_FAILED = 1 << 9,
	PAGE_BUSY = 1 << 12, RELEASE_REFUSED = 1 << 13, RELEASE_FOREIGN = 1 << 14, RELEASE_EMPTY = 1 << 15,
	RELEASED = 1 << 16, STRIPPED = 1 << 17, LAST_PUT = 1 << 18
};
/* Control lines: see src/memory/control.ts. */
enum { ACTOR_RCU, ACTOR_PARK, ACTOR_OPERATION, ACTOR_WAITING, ACTOR_STRIDE, ACTOR_LAST, ACTOR_ASLEEP, ACTOR_TRIALS, ACTOR_PING };
enum { BLOCK_STOP = 16, ACTOR_BASE = 48, COUNTERS = ACTOR_BASE + ACTORS * LINE, COUNTER_WORDS = 64 };
enum { OUTCOMES = 0, NOTES = 16, CHECKS = 38 };

static _Atomic word *w;
static address notes_base, world_base, world_words;
static int pages, worlds, stride_length;
static bool is_upstream;

/* Two lines, since processors fetch lines in pairs: what one actor writes in its own must not take it from the other. */
struct actor {
	_Alignas(128) int tag;
	address line, fs;
	unsigned notes;
	int seconds_us;
	word round_trip;
};
_Static_assert(sizeof(struct actor) % 128 == 0, "actors share no line");

#ifdef TRACE
static const char *name_of(address a);
#define TRACED(kind, a) printf("%s %s\n", kind, name_of(a))
#else
#define TRACED(kind, a) ((void)0)
#endif

static inline void oops(struct actor *t, word check)
{
	word none = 0;
	atomic_compare_exchange_strong(&w[t->fs + FS_OOPS], &none, check);
}

static inline word checked(struct actor *t, word value)
{
	if (__builtin_expect(value == POISON, 0)) oops(t, UAF);
	return value;
}

/* SharedMemory, as in src/memory/atomics-memory.ts. */
static inline word load(struct actor *t, address a) { TRACED("load", a); return checked(t, atomic_load(&w[a])); }
static inline void store(address a, word v) { TRACED("store", a); atomic_store(&w[a], v); }
static inline void inc(struct actor *t, address a) { TRACED("inc", a); checked(t, atomic_fetch_add(&w[a], 1)); }
static inline bool dec_and_test(struct actor *t, address a) { TRACED("dec_and_test", a); return checked(t, atomic_fetch_sub(&w[a], 1)) == 1; }
static inline bool test_bit(struct actor *t, int bit, address a) { TRACED("test_bit", a); return checked(t, atomic_load(&w[a])) >> bit & 1; }
static inline void set_bit(struct actor *t, int bit, address a) { TRACED("set_bit", a); checked(t, atomic_fetch_or(&w[a], 1 << bit)); }
static inline void clear_bit(struct actor *t, int bit, address a) { TRACED("clear_bit", a); checked(t, atomic_fetch_and(&w[a], ~(1 << bit))); }
static inline bool test_and_set_bit(struct actor *t, int bit, address a) { TRACED("test_and_set_bit", a); return checked(t, atomic_fetch_or(&w[a], 1 << bit)) >> bit & 1; }
static inline bool test_and_clear_bit(struct actor *t, int bit, address a) { TRACED("test_and_clear_bit", a); return checked(t, atomic_fetch_and(&w[a], ~(1 << bit))) >> bit & 1; }

static inline bool cmpxchg(struct actor *t, address a, word expected, word replacement)
{
	TRACED("cmpxchg", a);
	bool done = atomic_compare_exchange_strong(&w[a], &expected, replacement);
	checked(t, expected);
	return done;
}

static inline bool inc_not_zero(struct actor *t, address a)
{
	TRACED("inc_not_zero", a);
	word seen = checked(t, atomic_load(&w[a]));
	while (seen != 0)
		if (atomic_compare_exchange_strong(&w[a], &seen, seen + 1)) return true;
	return false;
}

static void relax(int *spins)
{
	static const struct timespec park = { 0, 50000 };
	if (++*spins > SPINS_MAX) nanosleep(&park, NULL);
}

static inline void spin_lock(struct actor *t, address a)
{
	TRACED("spin_lock", a);
	word none = 0;
	if (__builtin_expect(atomic_compare_exchange_strong(&w[a], &none, t->tag), 1)) return;
	for (int spins = 0;; relax(&spins)) {
		none = 0;
		if (atomic_load(&w[a]) == 0 && atomic_compare_exchange_strong(&w[a], &none, t->tag)) return;
	}
}

static inline void spin_unlock(address a) { TRACED("spin_unlock", a); atomic_store(&w[a], 0); }

static inline void plain(address a, word v) { atomic_store_explicit(&w[a], v, memory_order_relaxed); }
static inline word peek(address a) { return atomic_load_explicit(&w[a], memory_order_relaxed); }

static inline bool trylock_page(struct actor *t, address page)
{
	TRACED("trylock_page", page);
	if (atomic_fetch_or(&w[page + PAGE_FLAGS], 1 << PG_LOCKED) >> PG_LOCKED & 1) return false;
	plain(page + PAGE_OWNER, t->tag);
	return true;
}

static inline void unlock_page(address page) { TRACED("unlock_page", page); atomic_fetch_and(&w[page + PAGE_FLAGS], ~(1 << PG_LOCKED)); }

static bool call_rcu_free(address eb)
{
	TRACED("call_rcu_free", eb);
	if (atomic_load(&w[eb + EB_SLAB]) != SLAB_ALLOCATED) return false;
	atomic_store(&w[eb + EB_BFLAGS], POISON);
	atomic_store(&w[eb + EB_IO_PAGES], POISON);
	word allocated = SLAB_ALLOCATED;
	return atomic_compare_exchange_strong(&w[eb + EB_SLAB], &allocated, SLAB_RCU_PENDING);
}

/* The model, as in src/model. */
static inline address page_at(struct actor *t, int i) { return t->fs + FS_PAGES + i * LINE; }

static inline bool under_io(struct actor *t, address eb)
{
	return load(t, eb + EB_IO_PAGES) != 0 || test_bit(t, WRITEBACK, eb + EB_BFLAGS) || test_bit(t, DIRTY, eb + EB_BFLAGS);
}

static inline bool check_buffer_tree_ref(struct actor *t, address eb)
{
	if (load(t, eb + EB_REFS) >= 2 && test_bit(t, TREE_REF, eb + EB_BFLAGS)) return false;
	spin_lock(t, eb + EB_REFS_LOCK);
	bool was_clear = !test_and_set_bit(t, TREE_REF, eb + EB_BFLAGS);
	if (was_clear) inc(t, eb + EB_REFS);
	spin_unlock(eb + EB_REFS_LOCK);
	return was_clear;
}

static void put_page(struct actor *t, address page)
{
	if (dec_and_test(t, page + PAGE_REFCOUNT)) oops(t, Q2);
}

static bool release_pages(struct actor *t, address eb)
{
	if (under_io(t, eb)) { oops(t, B1); return false; }
	word attached = load(t, eb + EB_PAGES);
	for (int i = 0; i < attached; i++) {
		address page = page_at(t, i);
		spin_lock(t, t->fs + FS_PRIVATE_LOCK);
		if (test_bit(t, PG_PRIVATE, page + PAGE_FLAGS) && load(t, page + PAGE_PRIVATE) == (word)eb) {
			if (test_bit(t, DIRTY, eb + EB_BFLAGS) || test_bit(t, PG_DIRTY, page + PAGE_FLAGS) ||
			    test_bit(t, PG_WRITEBACK, page + PAGE_FLAGS)) {
				oops(t, B2);
				spin_unlock(t->fs + FS_PRIVATE_LOCK);
				return false;
			}
			clear_bit(t, PG_PRIVATE, page + PAGE_FLAGS);
			store(page + PAGE_PRIVATE, 0);
			put_page(t, page);
		}
		spin_unlock(t->fs + FS_PRIVATE_LOCK);
		put_page(t, page);
	}
	return true;
}

static bool release_extent_buffer(struct actor *t, address eb)
{
	if (load(t, eb + EB_REFS) == 0) oops(t, B3);
	if (!dec_and_test(t, eb + EB_REFS)) {
		spin_unlock(eb + EB_REFS_LOCK);
		return false;
	}
	bool was_in_tree = test_and_clear_bit(t, IN_TREE, eb + EB_BFLAGS);
	spin_unlock(eb + EB_REFS_LOCK);
	if (was_in_tree) {
		spin_lock(t, t->fs + FS_BUFFER_LOCK);
		store(t->fs + FS_TREE_SLOT, 0);
		spin_unlock(t->fs + FS_BUFFER_LOCK);
	}
	if (!release_pages(t, eb)) return true;
	if (!call_rcu_free(eb)) oops(t, DF);
	return true;
}

static address find_extent_buffer(struct actor *t)
{
	store(t->line + ACTOR_RCU, 1);
	address eb = load(t, t->fs + FS_TREE_SLOT);
	if (eb == 0 || !inc_not_zero(t, eb + EB_REFS)) {
		store(t->line + ACTOR_RCU, 0);
		t->notes |= eb == 0 ? MISSED : DYING_FOUND;
		return 0;
	}
	store(t->line + ACTOR_RCU, 0);
	if (test_bit(t, STALE, eb + EB_BFLAGS)) {
		t->notes |= STALE_HANDSHAKE;
		spin_lock(t, eb + EB_REFS_LOCK);
		spin_unlock(eb + EB_REFS_LOCK);
	}
	if (check_buffer_tree_ref(t, eb)) t->notes |= TREE_REF_SET;
	for (int i = 0; i < pages; i++)
		if (!test_bit(t, PG_REFERENCED, page_at(t, i) + PAGE_FLAGS)) set_bit(t, PG_REFERENCED, page_at(t, i) + PAGE_FLAGS);
	t->notes |= FOUND;
	return eb;
}

static void unlock_pages(struct actor *t, int count)
{
	for (int i = count - 1; i >= 0; i--) unlock_page(page_at(t, i));
}

static void read_extent_buffer_pages(struct actor *t, address eb)
{
	if (test_bit(t, UPTODATE, eb + EB_BFLAGS)) { t->notes |= ALREADY_UPTODATE; return; }
	for (int i = 0; i < pages; i++)
		if (!trylock_page(t, page_at(t, i))) {
			unlock_pages(t, i);
			t->notes |= READ_SKIPPED;
			return;
		}
	int num_reads = 0;
	for (int i = 0; i < pages; i++)
		if (!test_bit(t, PG_UPTODATE, page_at(t, i) + PAGE_FLAGS)) num_reads++;
	if (num_reads == 0) {
		set_bit(t, UPTODATE, eb + EB_BFLAGS);
		unlock_pages(t, pages);
		t->notes |= ALREADY_UPTODATE;
		return;
	}
	clear_bit(t, READ_ERR, eb + EB_BFLAGS);
	store(eb + EB_READ_MIRROR, 0);
	store(eb + EB_IO_PAGES, num_reads);
	if (is_upstream && check_buffer_tree_ref(t, eb)) t->notes |= RESCUED;
	int bio = 0;
	for (int i = 0; i < pages; i++) {
		address page = page_at(t, i);
		if (test_bit(t, PG_UPTODATE, page + PAGE_FLAGS)) unlock_page(page);
		else {
			clear_bit(t, PG_ERROR, page + PAGE_FLAGS);
			bio |= 1 << i;
		}
	}
	if (bio) t->notes |= READ_STARTED;
}

static void free_extent_buffer(struct actor *t, address eb)
{
	for (;;) {
		word refs = load(t, eb + EB_REFS);
		if (!test_bit(t, UNMAPPED, eb + EB_BFLAGS) ? refs <= 3 : refs == 1) break;
		if (cmpxchg(t, eb + EB_REFS, refs, refs - 1)) return;
	}
	spin_lock(t, eb + EB_REFS_LOCK);
	if (load(t, eb + EB_REFS) == 2 && test_bit(t, STALE, eb + EB_BFLAGS) && !under_io(t, eb) &&
	    test_and_clear_bit(t, TREE_REF, eb + EB_BFLAGS))
		atomic_fetch_sub(&w[eb + EB_REFS], 1);
	if (release_extent_buffer(t, eb)) t->notes |= LAST_PUT;
}

static void releasepage(struct actor *t, address page)
{
	if (test_bit(t, PG_WRITEBACK, page + PAGE_FLAGS) || test_bit(t, PG_DIRTY, page + PAGE_FLAGS)) {
		t->notes |= RELEASE_REFUSED;
		return;
	}
	address private_lock = t->fs + FS_PRIVATE_LOCK;
	spin_lock(t, private_lock);
	if (!test_bit(t, PG_PRIVATE, page + PAGE_FLAGS)) {
		spin_unlock(private_lock);
		t->notes |= RELEASE_EMPTY;
		return;
	}
	address eb = load(t, page + PAGE_PRIVATE);
	if (eb == 0) { oops(t, B4); spin_unlock(private_lock); return; }
	spin_lock(t, eb + EB_REFS_LOCK);
	if (load(t, eb + EB_REFS) != 1 || under_io(t, eb)) {
		spin_unlock(eb + EB_REFS_LOCK);
		spin_unlock(private_lock);
		t->notes |= RELEASE_REFUSED;
		return;
	}
	spin_unlock(private_lock);
	if (!test_and_clear_bit(t, TREE_REF, eb + EB_BFLAGS)) {
		spin_unlock(eb + EB_REFS_LOCK);
		t->notes |= RELEASE_FOREIGN;
		return;
	}
	t->notes |= release_extent_buffer(t, eb) ? RELEASED : STRIPPED;
}

static void finder(struct actor *t)
{
	plain(t->line + ACTOR_OPERATION, 0);
	address eb = find_extent_buffer(t);
	if (eb == 0) return;
	plain(t->line + ACTOR_OPERATION, 1);
	read_extent_buffer_pages(t, eb);
	plain(t->line + ACTOR_OPERATION, 2);
	free_extent_buffer(t, eb);
}

static void reclaim(struct actor *t)
{
	plain(t->line + ACTOR_OPERATION, 0);
	address page = page_at(t, pages - 1);
	if (!trylock_page(t, page)) { t->notes |= PAGE_BUSY; return; }
	plain(t->line + ACTOR_OPERATION, 1);
	releasepage(t, page);
	plain(t->line + ACTOR_OPERATION, 2);
	unlock_page(page);
}

/* The trial runner, as in src/stress/actor/trial-runner.ts. */
static address buffer_of(address fs) { return fs + FS_PAGES + pages * LINE; }

static void reset(address fs)
{
	address eb = buffer_of(fs);
	plain(eb + EB_REFS, 1);
	plain(eb + EB_BFLAGS, 1 << TREE_REF | 1 << IN_TREE);
	plain(eb + EB_IO_PAGES, 0);
	plain(eb + EB_REFS_LOCK, 0);
	plain(eb + EB_READ_MIRROR, 0);
	plain(eb + EB_PAGES, pages);
	plain(eb + EB_SLAB, SLAB_ALLOCATED);
	for (int i = 0; i < pages; i++) {
		address page = fs + FS_PAGES + i * LINE;
		plain(page + PAGE_FLAGS, 1 << PG_PRIVATE | 1 << PG_REFERENCED);
		plain(page + PAGE_PRIVATE, eb);
		plain(page + PAGE_REFCOUNT, 3);
		plain(page + PAGE_PAYLOAD, 0);
		plain(page + PAGE_OWNER, 0);
	}
	plain(fs + FS_TREE_SLOT, eb);
	plain(fs + FS_BUFFER_LOCK, 0);
	plain(fs + FS_PRIVATE_LOCK, 0);
	plain(fs + FS_OOPS, 0);
	plain(fs + FS_IO, 0);
}

static int broken_at_rest(address fs)
{
	address eb = buffer_of(fs), alive = 0;
	if (peek(fs + FS_BUFFER_LOCK) != 0 || peek(fs + FS_PRIVATE_LOCK) != 0) return Q1;
	if (peek(eb + EB_SLAB) == SLAB_ALLOCATED) {
		if (peek(fs + FS_TREE_SLOT) != (word)eb) return Q1;
		word needed = 1 << IN_TREE | 1 << TREE_REF;
		if ((peek(eb + EB_BFLAGS) & needed) != needed || peek(eb + EB_REFS) != 1 || peek(eb + EB_REFS_LOCK) != 0) return Q1;
		alive = eb;
	}
	if (alive == 0 && peek(fs + FS_TREE_SLOT) != 0) return Q1;
	int attached = alive ? peek(alive + EB_PAGES) : 0, locked = 0;
	word seen = 0, wrong = 0;
	for (int i = 0; i < pages; i++) {
		address page = fs + FS_PAGES + i * LINE;
		word flags = peek(page + PAGE_FLAGS), is_private = flags >> PG_PRIVATE & 1;
		locked += flags >> PG_LOCKED & 1;
		seen |= flags;
		wrong |= is_private ^ (i < attached);
		wrong |= (peek(page + PAGE_PRIVATE) ^ (word)alive) & -is_private;
		wrong |= peek(page + PAGE_REFCOUNT) ^ (1 + 2 * is_private);
	}
	if (wrong) return Q2;
	bool is_uptodate = alive && peek(alive + EB_BFLAGS) >> UPTODATE & 1;
	if (is_uptodate || seen >> PG_UPTODATE & 1) {
		for (int i = 0; i < pages; i++) {
			address page = fs + FS_PAGES + i * LINE;
			bool passes = is_uptodate || peek(page + PAGE_FLAGS) >> PG_UPTODATE & 1;
			if (passes && peek(page + PAGE_PAYLOAD) != VERIFIED) return Q3;
		}
	}
	return (alive ? peek(alive + EB_IO_PAGES) : 0) != locked ? Q1 : 0;
}

static int classify(unsigned notes)
{
	if (notes & RESCUED) return 1;
	if (notes & STRIPPED) return 2;
	if (notes & READ_FAILED) return 3;
	bool is_released = notes & (RELEASED | LAST_PUT);
	if (notes & READ_STARTED) return is_released ? 4 : 5;
	if (is_released) return 6;
	return notes & READ_SKIPPED ? 7 : 8;
}

static void collect_world(int actor, int world)
{
	address fs = world_base + world * world_words;
	address counters = COUNTERS + actor * COUNTER_WORDS;
	unsigned all = 0;
	for (int a = 0; a < ACTORS; a++) {
		unsigned notes = peek(notes_base + a * worlds + world);
		all |= notes;
		for (notes &= DYING_FOUND | STRIPPED | RESCUED; notes; notes &= notes - 1) {
			address c = counters + NOTES + __builtin_ctz(notes);
			plain(c, peek(c) + 1);
		}
	}
	int broken = peek(fs + FS_OOPS);
	if (broken == 0) broken = broken_at_rest(fs);
	int outcome = broken ? 0 : classify(all);
	if (broken) plain(counters + CHECKS + broken, peek(counters + CHECKS + broken) + 1);
	plain(counters + OUTCOMES + outcome, peek(counters + OUTCOMES + outcome) + 1);
}

static void collect(int actor, int first, int count)
{
	int from = first + count * actor / ACTORS, to = first + count * (actor + 1) / ACTORS;
	for (int world = from; world < to; world++) collect_world(actor, world);
	for (int world = from; world < to; world++) reset(world_base + world * world_words);
}

static void run(struct actor *t, int actor, int first, int count)
{
	for (int world = first; world < first + count; world++) {
		t->fs = world_base + world * world_words;
		t->notes = 0;
		if (actor == 0) finder(t);
		else reclaim(t);
		plain(notes_base + actor * worlds + world, t->notes);
	}
}

/* The rendezvous, as in src/memory/rendezvous.ts, without the sleep: both actors have a processor. */
static bool meet(int actor, int stride)
{
	address line = ACTOR_BASE + actor * LINE, other = ACTOR_BASE + (1 - actor) * LINE;
	if (actor == 0 && atomic_load(&w[BLOCK_STOP])) atomic_store(&w[line + ACTOR_LAST], stride);
	atomic_store(&w[line + ACTOR_STRIDE], stride);
	(void)atomic_load(&w[other + ACTOR_ASLEEP]);
	for (int spins = 0; atomic_load(&w[other + ACTOR_STRIDE]) < stride; relax(&spins)) {}
	return atomic_load(&w[ACTOR_BASE + ACTOR_LAST]) != stride;
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static word measure_round_trip(int actor)
{
	address mine = ACTOR_BASE + actor * LINE + ACTOR_PING, peer = ACTOR_BASE + (1 - actor) * LINE + ACTOR_PING;
	int64_t started_at = 0;
	for (int ping = 1; ping <= 256; ping++) {
		if (ping == 129) started_at = now();
		if (actor == 0) atomic_store(&w[mine], ping);
		for (int spins = 0; atomic_load(&w[peer]) < ping;)
			if (++spins > 200000) return 0;
		if (actor != 0) atomic_store(&w[mine], ping);
	}
	return actor == 0 ? (now() - started_at) * 10 / 128 : 0;
}

static pthread_barrier_t gate;
static struct actor actors[ACTORS];

static void *actor_main(void *argument)
{
	int actor = (int)(intptr_t)argument;
	struct actor *t = &actors[actor];
	t->tag = actor + 1;
	t->line = ACTOR_BASE + actor * LINE;
	int banks = worlds / stride_length;
	for (;;) {
		pthread_barrier_wait(&gate);
		for (int i = 0; i < COUNTER_WORDS; i++) plain(COUNTERS + actor * COUNTER_WORDS + i, 0);
		t->round_trip = measure_round_trip(actor);
		meet(actor, 1);
		int64_t started_at = now();
		int previous = 0, previous_count = 0, trials = 0;
		for (int stride = 2;; stride++) {
			int first = stride % banks * stride_length;
			run(t, actor, first, stride_length);
			collect(actor, previous, previous_count);
			trials += stride_length;
			plain(t->line + ACTOR_TRIALS, trials);
			previous = first;
			previous_count = stride_length;
			if (!meet(actor, stride)) break;
		}
		t->seconds_us = (now() - started_at) / 1000;
		collect(actor, previous, previous_count);
		pthread_barrier_wait(&gate);
	}
	return NULL;
}

#ifdef TRACE
static const char *name_of(address a)
{
	static char text[64];
	address o = a - world_base;
	static const char *const eb[] = { "refs", "bflags", "io_pages", "refs_lock", "read_mirror", "pages", "slab" };
	static const char *const page[] = { "flags", "private", "refcount", "payload", "owner" };
	if (a < world_base) return "rcu";
	if (o == FS_TREE_SLOT) return "tree_slot";
	if (o == FS_BUFFER_LOCK) return "buffer_lock";
	if (o == FS_PRIVATE_LOCK) return "private_lock";
	if (o >= FS_PAGES + (address)pages * LINE) snprintf(text, sizeof text, "eb0.%s", eb[(o - FS_PAGES) % LINE]);
	else snprintf(text, sizeof text, "page%u.%s", (o - FS_PAGES) / LINE, page[(o - FS_PAGES) % LINE]);
	return text;
}
#endif

int main(int argc, char **argv)
{
	if (argc < 5) return 64;
	is_upstream = strcmp(argv[2], "upstream") == 0;
	pages = atoi(argv[3]);
	bool is_trace = strcmp(argv[1], "trace") == 0;
	worlds = is_trace ? LINE : atoi(argv[4]);
	stride_length = is_trace ? 1 : atoi(argv[5]);
	worlds = (worlds + LINE - 1) / LINE * LINE;
	notes_base = COUNTERS + ACTORS * COUNTER_WORDS;
	world_base = notes_base + ACTORS * worlds;
	world_words = FS_PAGES + (pages + 1) * LINE;
	size_t bytes = ((size_t)world_base + (size_t)worlds * world_words) * sizeof(word);
	w = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
	if (w == NULL) return 70;
	memset((void *)w, 0, bytes);
	for (int world = 0; world < worlds; world++) reset(world_base + world * world_words);
	if (is_trace) {
		int actor = atoi(argv[4]);
		actors[0].tag = actor + 1;
		actors[0].line = ACTOR_BASE + actor * LINE;
		run(&actors[0], actor, 0, 1);
		return 0;
	}
	pthread_barrier_init(&gate, NULL, ACTORS + 1);
	for (intptr_t actor = 0; actor < ACTORS; actor++) {
		pthread_t thread;
		if (pthread_create(&thread, NULL, actor_main, (void *)actor) != 0) return 70;
	}
	int ms;
	while (scanf("%d", &ms) == 1) {
		for (address a = ACTOR_BASE; a < COUNTERS; a++) plain(a, 0);
		atomic_store(&w[BLOCK_STOP], 0);
		pthread_barrier_wait(&gate);
		struct timespec length = { ms / 1000, ms % 1000 * 1000000L };
		nanosleep(&length, NULL);
		atomic_store(&w[BLOCK_STOP], 1);
		pthread_barrier_wait(&gate);
		word sums[COUNTER_WORDS] = { 0 }, violations = 0;
		for (int actor = 0; actor < ACTORS; actor++)
			for (int i = 0; i < COUNTER_WORDS; i++) sums[i] += peek(COUNTERS + actor * COUNTER_WORDS + i);
		for (int check = 1; check <= Q3; check++) violations += sums[CHECKS + check];
		printf("%.6f %d %d %.1f", actors[0].seconds_us / 1e6, peek(ACTOR_BASE + ACTOR_TRIALS), violations, actors[0].round_trip / 10.0);
		for (int i = 0; i < 9; i++) printf(" %d", sums[OUTCOMES + i]);
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
