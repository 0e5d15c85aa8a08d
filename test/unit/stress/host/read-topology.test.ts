import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cpuQuota } from '../../../../src/stress/host/cgroup-quota.ts';
import { askLscpu, lscpuLayout } from '../../../../src/stress/host/lscpu.ts';
import { numbered } from '../../../../src/stress/host/layout-rows.ts';
import { readTopology } from '../../../../src/stress/host/read-topology.ts';
import { coreCountOf, sysfsLayout } from '../../../../src/stress/host/sysfs.ts';
import { machineFiles, machines, machineText, writeMachine } from '../../../helpers/machines.ts';

const hasLscpu = spawnSync('lscpu', ['--version']).status === 0;

/** A folder with an `lscpu` of ours in front of the path. */
function plantLscpu(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-lscpu-'));
  writeFileSync(join(folder, 'lscpu'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'lscpu'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
}

describe('readTopology', () => {
  const readable = Object.entries(machines).filter(([, { isSysUnreadable }]) => isSysUnreadable !== true);

  it.runIf(hasLscpu).each(readable)('has the same of %s from lscpu and from /sys', async (_name, machine) => {
    const files = machineFiles(machine);
    const { folder, remove } = writeMachine(files);
    onTestFinished(remove);

    const answer = await askLscpu({ sysroot: folder, timeoutMs: 60_000 });
    const read = sysfsLayout(machineText(files));

    if (answer.kind !== 'layout' || read === undefined) throw new Error(JSON.stringify(answer));
    expect(Object.fromEntries(numbered(answer.layout))).toEqual(Object.fromEntries(numbered(read)));
  });

  it('prefers what lscpu says, and takes from /sys what only that tells', async () => {
    const machine = machines['big-little-4-2'];
    if (machine === undefined) throw new Error('no such machine');
    const rows = Array.from({ length: 6 }, (_, cpu) => ({
      cpu,
      core: cpu,
      socket: 0,
      node: 0,
      'l1d:l1i:l2': `0:0:${cpu < 3 ? 0 : 1}`,
    }));
    const layout = lscpuLayout(JSON.stringify({ cpus: rows }));
    if (layout === undefined) throw new Error('no layout');

    const topology = await readTopology({
      text: machineText(machineFiles(machine)),
      lscpu: () => Promise.resolve({ kind: 'layout', layout }),
    });

    expect(topology.knownFrom).toBe('lscpu');
    expect(topology.processors.map(({ l2 }) => l2)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(topology.processors.map(({ capacity }) => capacity)).toEqual([485, 485, 485, 485, 1024, 1024]);
  });

  it('takes what it has where the system tells nothing, and says so', async () => {
    const topology = await readTopology({
      text: () => undefined,
      lscpu: () => Promise.resolve({ kind: 'failed', reason: 'lscpu is not there' }),
      processorCount: 8,
    });

    expect(topology.processors.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(topology.knownFrom).toBe('nothing');
    expect(topology.unknown).toEqual(['lscpu is not there.', 'How the processors lie is not known.']);
  });
});

describe('coreCountOf', () => {
  it.each([
    ['desktop-8x2', [0, 8], 1],
    ['desktop-8x2', [0, 1, 8, 9], 2],
    ['container-3', [5, 6, 37], 2],
    ['offline-9', [0, 8], null],
    ['unreadable-sys', [0], null],
  ])('of %s counts %j as %s', (name, numbers, cores) => {
    const machine = machines[name];
    if (machine === undefined) throw new Error('no such machine');

    expect(coreCountOf(machineText(machineFiles(machine)), numbers)).toBe(cores);
  });
});

describe('askLscpu', () => {
  it.each<[string, string, RegExp]>([
    ['fails', 'echo "lscpu: cannot open /sys" >&2; exit 1', /^lscpu failed \(lscpu: cannot open \/sys\)$/],
    ['prints no JSON', 'echo hello', /^lscpu printed what could not be read$/],
    ['prints other JSON', 'echo "{\\"cpus\\": 3}"', /^lscpu printed what could not be read$/],
    ['hangs', 'exec sleep 60', /^lscpu did not answer within 0.2 s$/],
    ['hangs in a child that holds the pipe', 'sleep 60 & wait', /^lscpu did not answer within 0.2 s$/],
  ])('says why where it %s', async (_what, script, reason) => {
    plantLscpu(script);

    const answer = await askLscpu(/hangs/.test(_what) ? { timeoutMs: 200 } : {});

    expect(answer).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
  });

  it('says that it is not there', async () => {
    vi.stubEnv('PATH', '/nowhere');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });

    expect(await askLscpu()).toEqual({ kind: 'failed', reason: 'lscpu is not there' });
  });

  it('reads dashes without quotes, which are no JSON', () => {
    const text =
      '{"cpus": [{"cpu": 0, "core": 3, "socket": -, "node": -\n, "l1d:l1i:l2:l3": "0:0:-:7", "online": true}]}';

    expect([...(lscpuLayout(text) ?? [])]).toEqual([
      [0, { core: '3', package: null, node: null, l2: null, l3: '7' }],
    ]);
  });
});

describe('cpuQuota', () => {
  const mounts = '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n';

  it('is the least of all groups that the process is in', () => {
    const files = new Map([
      ['/proc/self/cgroup', '0::/a/b\n'],
      ['/proc/self/mountinfo', mounts],
      ['/sys/fs/cgroup/a/cpu.max', '150000 100000\n'],
      ['/sys/fs/cgroup/a/b/cpu.max', 'max 100000\n'],
    ]);

    expect(cpuQuota((path) => files.get(path))).toBe(1.5);
    files.set('/sys/fs/cgroup/a/cpu.max', 'max 100000\n');
    expect(cpuQuota((path) => files.get(path))).toBeNull();
  });

  it('is found where only a part of the hierarchy is mounted', () => {
    const files = new Map([
      ['/proc/self/cgroup', '0::/kubepods/pod1\n'],
      ['/proc/self/mountinfo', mounts.replace(' / ', ' /kubepods/pod1 ')],
      ['/sys/fs/cgroup/cpu.max', '50000 100000\n'],
    ]);

    expect(cpuQuota((path) => files.get(path))).toBe(0.5);
  });

  it('is that of the first version, and none where that says -1', () => {
    const files = new Map(machineFiles({ title: '', processors: [], quota: 2.5, isFirstVersion: true }));

    expect(cpuQuota((path) => files.get(path))).toBe(2.5);
    files.set('/sys/fs/cgroup/cpu,cpuacct/docker/c0ffee/cpu.cfs_quota_us', '-1\n');
    expect(cpuQuota((path) => files.get(path))).toBeNull();
  });
});
