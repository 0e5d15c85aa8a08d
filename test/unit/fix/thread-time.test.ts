import { describe, expect, it } from 'vitest';
import { GivenTime, systemThreadId } from '../../../src/fix/plug-in/thread-time.ts';
import { HangWatch } from '../../../src/stress/session/hang-watch.ts';

/** Time that a test makes pass: by the wall clock, and for threads that wait for a processor. */
class Host {
  nowMs = 0;
  readonly starved = new Map<number, number>();
  readonly source = {
    now: (): number => this.nowMs,
    starvedMs: (thread: number): number | undefined => this.starved.get(thread),
  };

  pass(ms: number, starvedMs: Readonly<Record<number, number>> = {}): void {
    this.nowMs += ms;
    for (const [thread, waited] of Object.entries(starvedMs)) {
      this.starved.set(Number(thread), (this.starved.get(Number(thread)) ?? 0) + waited);
    }
  }
}

function host(...threads: readonly number[]): Host {
  const made = new Host();
  for (const thread of threads) made.starved.set(thread, 1_000);
  return made;
}

describe('GivenTime', () => {
  it('leaves out what a thread waited for a processor, since it was asked to', () => {
    const busy = host(7);
    const given = new GivenTime(() => [7], busy.source);

    busy.pass(3_000, { 7: 2_500 });

    expect([given.ms(), given.wallMs()]).toEqual([500, 3_000]);
    given.restart();
    busy.pass(100);
    expect(given.ms()).toBe(100);
  });

  it('goes by the thread that had least: the others may wait for it', () => {
    const busy = host(7, 8);
    const given = new GivenTime(() => [7, 8], busy.source);

    busy.pass(1_000, { 7: 10, 8: 900 });

    expect(given.ms()).toBe(100);
  });

  it('counts the whole life of a thread whose number comes to be known later', () => {
    const busy = new Host();
    let thread = 0;
    const given = new GivenTime(() => [thread], busy.source);

    busy.pass(1_000);
    expect(given.ms()).toBe(200);
    thread = 7;
    busy.pass(0, { 7: 300 });

    expect(given.ms()).toBe(700);
  });

  it('is merely generous where the system does not tell', () => {
    const other = new Host();
    const given = new GivenTime(() => [0, 0], other.source);

    other.pass(5_000);

    expect(given.ms()).toBe(1_000);
  });

  it('reads what Linux says of a thread', () => {
    const given = new GivenTime(() => [systemThreadId()]);

    expect(given.ms()).toBeGreaterThanOrEqual(0);
    expect(given.ms()).toBeLessThanOrEqual(given.wallMs());
  });
});

describe('HangWatch', () => {
  const watchOf = (busy: Host): HangWatch =>
    new HangWatch({ threads: () => [7], hangMs: 3_000, busyMs: 60_000, source: busy.source });

  it('finds threads that have their time and do not advance', () => {
    const idle = host(7);
    const watch = watchOf(idle);

    expect(watch.look(1)).toBe('advancing');
    idle.pass(2_900);
    expect(watch.look(1)).toBe('advancing');
    idle.pass(200);
    expect(watch.look(1)).toBe('hung');
  });

  it('waits for those that get no processor, and says so at last', () => {
    const busy = host(7);
    const watch = watchOf(busy);

    watch.look(1);
    busy.pass(50_000, { 7: 49_000 });
    expect(watch.look(1)).toBe('advancing');
    busy.pass(11_000, { 7: 10_900 });
    expect(watch.look(1)).toBe('busy');
  });

  it('begins anew whenever they advance', () => {
    const idle = host(7);
    const watch = watchOf(idle);

    for (let beat = 0; beat < 5; beat++) {
      idle.pass(2_900);
      expect(watch.look(beat)).toBe('advancing');
    }
  });
});
