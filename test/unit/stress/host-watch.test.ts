import { describe, expect, it } from 'vitest';
import { HostWatch, type HostSource } from '../../../src/stress/host/host-watch.ts';
import { systemThreadId } from '../../../src/fix/plug-in/thread-time.ts';

/** A host with 4 processors of which the process may use 0 and 2. */
class FakeHost implements HostSource {
  ms = 0;
  cpuMs = 0;
  /** By processor: user, nice, system, idle, iowait, irq, softirq, steal. */
  readonly ticks: number[][] = Array.from({ length: 4 }, () => [9, 0, 9, 99, 0, 0, 0, 9]);
  readonly switches = new Map([
    [11, { voluntary: 5, involuntary: 7 }],
    [12, { voluntary: 1, involuntary: 2 }],
  ]);
  hasStat = true;

  text(path: string): string | undefined {
    if (path === '/proc/self/status') return 'Name:\tnode\nCpus_allowed_list:\t0,2-2\n';
    if (path === '/proc/stat' && this.hasStat) {
      const rows = this.ticks.map((counts, processor) => `cpu${processor} ${counts.join(' ')} 0 0`);
      return ['cpu  1 2 3', ...rows, 'intr 12', ''].join('\n');
    }
    const thread = Number(/^\/proc\/self\/task\/(\d+)\/status$/.exec(path)?.[1]);
    const found = this.switches.get(thread);
    return found === undefined
      ? undefined
      : `voluntary_ctxt_switches:\t${found.voluntary}\nnonvoluntary_ctxt_switches:\t${found.involuntary}\n`;
  }
  readonly now = (): number => this.ms;
  readonly ownMs = (): number => this.cpuMs;

  add(processor: number, kind: number, ticks: number): void {
    const counts = this.ticks[processor] ?? [];
    counts[kind] = (counts[kind] ?? 0) + ticks;
  }
}

const watchOf = (host: FakeHost): HostWatch =>
  new HostWatch({
    text: (path) => host.text(path),
    now: host.now,
    ownMs: host.ownMs,
  });

describe('HostWatch', () => {
  it('tells switches of each thread asked for, steal, and what others took of the processors that may be used', () => {
    const host = new FakeHost();
    const watch = watchOf(host);
    watch.begin([11, 12]);
    // 200 ms on two processors are 40 ticks: 28 busy, of which this process took 220 ms, 8 idle and 4 stolen.
    host.ms += 200;
    host.cpuMs += 220;
    host.add(0, 0, 20);
    host.add(2, 2, 6);
    host.add(2, 6, 2);
    host.add(2, 3, 8);
    host.add(2, 7, 4);
    // A processor that may not be used.
    host.add(1, 0, 20);
    host.switches.set(11, { voluntary: 6, involuntary: 10 });

    const found = watch.end();
    expect(found).toMatchObject({ preemptions: [3, 0], sleeps: [1, 0], steal: 0.1 });
    expect(found?.othersBusy).toBeCloseTo((28 / 40) * 2 - 1.1, 10);
  });

  it('says nothing of what the system does not tell', () => {
    const host = new FakeHost();
    host.hasStat = false;
    const watch = watchOf(host);
    expect(watch.end()).toBeNull();
    watch.begin([11, 99]);
    host.ms += 200;
    expect(watch.end()).toBeNull();

    const onlySwitches = watchOf(host);
    onlySwitches.begin([11]);
    expect(onlySwitches.end()).toEqual({ preemptions: [0], sleeps: [0], steal: null, othersBusy: null });
  });

  it('has no shares of a block shorter than a tick, and never a negative load', () => {
    const host = new FakeHost();
    const watch = watchOf(host);
    watch.begin([]);
    host.ms += 1;
    expect(watch.end()).toMatchObject({ steal: null, othersBusy: null });
    watch.begin([]);
    host.ms += 10;
    host.cpuMs += 15;
    host.add(0, 3, 1);
    host.add(2, 0, 1);
    expect(watch.end()).toMatchObject({ steal: 0, othersBusy: 0 });
  });

  it.skipIf(process.platform !== 'linux')('reads the switches of a thread that sleeps', () => {
    const thread = systemThreadId();
    expect(thread).toBeGreaterThan(0);
    const watch = new HostWatch();
    watch.begin([thread]);
    // Five sleeps are five voluntary switches at least.
    const word = new Int32Array(new SharedArrayBuffer(4));
    // oxlint-disable-next-line no-restricted-globals -- the system call is what is wanted
    for (let sleep = 0; sleep < 5; sleep++) Atomics.wait(word, 0, 0, 2);
    const found = watch.end();
    expect(found?.sleeps?.[0]).toBeGreaterThanOrEqual(5);
  });
});
