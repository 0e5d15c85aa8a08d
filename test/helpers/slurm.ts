/**
 * A Slurm cluster of one node on this machine, with Debian's slurm-wlm and munge: daemons of its own, on ports of its own, with all that
 * they keep in a folder of its own. It needs root, as slurmd does, and no cgroups.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const DAEMONS = ['munged', 'slurmctld', 'slurmd'] as const;
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];
/** What may take so long is broken: it is no measure of speed. */
const GIVEN_UP_MS = 240_000;
/** Where it does not come up by then it will not. */
const START_MS = 60_000;
const POLL_MS = 250;
/** A daemon that has not ended by then is killed. */
const END_MS = 10_000;

/** Whether there is what it takes; where there is not, that is said. */
export function canStartCluster(): boolean {
  const missing = DAEMONS.filter((name) => pathOf(name) === undefined);
  const why =
    missing.length > 0
      ? `no ${missing.join(', ')} here: apt-get install slurm-wlm munge`
      : process.getuid?.() === 0
        ? undefined
        : 'slurmd needs root';
  if (why !== undefined) process.stderr.write(`shards on a cluster are not tried: ${why}\n`);
  return why === undefined;
}

function pathOf(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The cluster, while it runs. */
export class Cluster {
  /** Where jobs may leave what they make. */
  readonly folder: string;
  readonly #daemons: ChildProcess[] = [];
  readonly #env: NodeJS.ProcessEnv;

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ebt-slurm-'));
    this.#env = { ...process.env, SLURM_CONF: join(this.folder, 'slurm.conf') };
  }

  /** Starts it where daemons may do what they need, which not every container lets them: says so, unless EBTORTURE_SLURM is set, which wants it. */
  static async startIfPossible(): Promise<Cluster | undefined> {
    try {
      return await Cluster.start();
    } catch (error) {
      if (process.env['EBTORTURE_SLURM'] !== undefined) throw error;
      process.stderr.write(`shards on a cluster are not tried: ${String(error)}\n`);
      return undefined;
    }
  }

  /** Starts it; what has started is stopped again if the rest does not. */
  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      const logs = cluster.#logs();
      await cluster.stop();
      throw new Error(`the cluster did not start: ${String(error)}\n${logs}`, { cause: error });
    }
  }

  async #start(): Promise<void> {
    const { folder } = this;
    for (const name of ['run', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o755 });
    const key = join(folder, 'munge.key');
    writeFileSync(key, randomBytes(1024), { mode: 0o600 });
    const socket = join(folder, 'run/munge.socket');
    // Munge wants nobody else to be able to put another socket there, and everybody to find it.
    await promisify(execFile)('chmod', ['755', folder]);
    this.#daemon('munged', [
      '--foreground',
      `--key-file=${key}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'run/munged.pid')}`,
      `--log-file=${join(folder, 'munged.log')}`,
      `--seed-file=${join(folder, 'munged.seed')}`,
    ]);
    await until('munged listens', () => Promise.resolve(existsSync(socket)), { limitMs: START_MS });
    const [controller, node] = await freePorts();
    writeFileSync(join(folder, 'slurm.conf'), configOf({ folder, socket, controller, node }));
    this.#daemon('slurmctld', ['-D', '-i']);
    this.#daemon('slurmd', ['-D']);
    await until(
      'the node is idle',
      async () => (await this.#asked('sinfo', ['-h', '-o', '%t'])).trim() === 'idle',
      { limitMs: START_MS },
    );
  }

  #daemon(name: (typeof DAEMONS)[number], args: readonly string[]): void {
    const child = spawn(pathOf(name) ?? name, args, { env: this.#env, stdio: 'ignore' });
    child.on('error', () => {});
    this.#daemons.push(child);
  }

  /** What a client of the cluster prints; '' where it fails, as it does while the daemons start. */
  async #asked(name: string, args: readonly string[]): Promise<string> {
    try {
      return (await this.run(name, args)).stdout;
    } catch {
      return '';
    }
  }

  /** Runs a program that speaks with the cluster. */
  async run(
    file: string,
    args: readonly string[],
    {
      cwd = this.folder,
      env = {},
    }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return promisify(execFile)(file, [...args], { cwd, env: { ...this.#env, ...env } });
  }

  /** Waits until no job is left that may still run. */
  async allEnded(): Promise<void> {
    const isOver = async (): Promise<boolean> => {
      const { stdout } = await this.run('squeue', ['-h', '-o', '%T %r']);
      return stdout.trim() === '';
    };
    await until('all jobs have ended', isOver, { more: () => this.#logs() });
  }

  /** The state of a job, or of one of an array, and how often it was started anew. */
  async stateOf(job: string): Promise<{ readonly state: string; readonly restarts: number }> {
    const { stdout } = await this.run('scontrol', ['show', 'job', job]);
    return {
      state: /JobState=(\w+)/.exec(stdout)?.[1] ?? '',
      restarts: Number(/Restarts=(\d+)/.exec(stdout)?.[1] ?? NaN),
    };
  }

  #logs(): string {
    return ['munged.log', 'slurmctld.log', 'slurmd.log']
      .map((name) => join(this.folder, name))
      .filter((path) => existsSync(path))
      .map((path) => `${path}:\n${readFileSync(path, 'utf8').split('\n').slice(-15).join('\n')}`)
      .join('\n');
  }

  /** Ends all jobs and all daemons, and leaves nothing behind, whatever has happened. */
  async stop(): Promise<void> {
    if (this.#daemons.length > 1) {
      await this.#asked('scancel', ['--user=root', '--full', '--signal=KILL']);
      await this.#asked('scancel', ['--user=root']);
    }
    for (const child of this.#daemons.toReversed()) await ended(child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await closed;
  clearTimeout(timer);
}

async function until(
  what: string,
  isSo: () => Promise<boolean>,
  {
    more = () => '',
    limitMs = GIVEN_UP_MS,
  }: { readonly more?: () => string; readonly limitMs?: number } = {},
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`gave up waiting until ${what}\n${more()}`);
    await pause(POLL_MS);
  }
}

/** Two ports of this machine that nobody has now. */
async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  const [one = 0, other = 0] = ports;
  return [one, other];
}

/** A job that is requeued waits until nobody can hold a credential of its first start: that is cut to seconds. */
function configOf(own: {
  readonly folder: string;
  readonly socket: string;
  readonly controller: number;
  readonly node: number;
}): string {
  const { folder, socket } = own;
  const host = hostname().split('.')[0] ?? 'localhost';
  const settings: Readonly<Record<string, string | number>> = {
    ClusterName: 'ebtorture',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    AuthType: 'auth/munge',
    AuthInfo: `socket=${socket},cred_expire=5`,
    CredType: 'cred/munge',
    SlurmctldPort: own.controller,
    SlurmdPort: own.node,
    StateSaveLocation: join(folder, 'state'),
    SlurmdSpoolDir: join(folder, 'spool'),
    SlurmctldPidFile: join(folder, 'run/slurmctld.pid'),
    SlurmdPidFile: join(folder, 'run/slurmd.pid'),
    SlurmctldLogFile: join(folder, 'slurmctld.log'),
    SlurmdLogFile: join(folder, 'slurmd.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    JobAcctGatherType: 'jobacct_gather/none',
    AccountingStorageType: 'accounting_storage/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    MpiDefault: 'none',
    SwitchType: 'switch/none',
    SchedulerParameters: 'sched_interval=2',
    ReturnToService: 2,
    KillWait: 5,
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN`,
    'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}
