/** What util-linux's `lscpu` says of processors. */
import { execFile } from 'node:child_process';
import type { Layout, LayoutRow } from './layout-rows.ts';

/** It reads some files: where it takes longer, it does not come back. */
const TIMEOUT_MS = 3_000;
/** A thousand processors take some 400 kB. */
const OUTPUT_BYTES_MAX = 16 * 2 ** 20;

/** How it is asked. */
export interface LscpuOptions {
  /** A folder that has the files of another machine. */
  readonly sysroot?: string | undefined;
  /** @default 3000 */
  readonly timeoutMs?: number | undefined;
}

/** A layout, or why there is none. */
export type LscpuAnswer =
  | { readonly kind: 'layout'; readonly layout: Layout }
  /** A clause, such as `lscpu is not there`. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks it. Never throws, and never takes longer than its time limit. */
export async function askLscpu(options: LscpuOptions = {}): Promise<LscpuAnswer> {
  const { sysroot, timeoutMs = TIMEOUT_MS } = options;
  const from = sysroot === undefined ? [] : ['--sysroot', sysroot];
  const failed = (reason: string): LscpuAnswer => ({ kind: 'failed', reason });
  const answer = new Promise<LscpuAnswer>((resolve) => {
    const child = execFile(
      'lscpu',
      ['--json', '--extended', '--output-all', ...from],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_BYTES_MAX,
        env: { ...process.env, LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(parsedOr(stdout));
        else if (error.code === 'ENOENT') resolve(failed('lscpu is not there'));
        else if (error.killed === true) resolve(failed(`lscpu did not answer within ${timeoutMs / 1000} s`));
        else resolve(failed(`lscpu failed${reasonIn(stderr)}`));
      },
    );
    // One that cannot be killed, since it waits for a device, is left to itself.
    setTimeout(() => {
      child.unref();
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(failed(`lscpu did not answer within ${timeoutMs / 1000} s`));
    }, timeoutMs + 500).unref();
  });
  return answer;
}

function parsedOr(text: string): LscpuAnswer {
  const layout = lscpuLayout(text);
  return layout === undefined
    ? { kind: 'failed', reason: 'lscpu printed what could not be read' }
    : { kind: 'layout', layout };
}

function reasonIn(stderr: string): string {
  const line = stderr
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '');
  return line === undefined ? '' : ` (${line.slice(0, 100)})`;
}

/** The layout in its output; undefined if that is none, or tells of no online processor. */
export function lscpuLayout(text: string): Layout | undefined {
  const layout = new Map<number, LayoutRow>();
  for (const row of rowsIn(text)) {
    const number = idOf(row['cpu']);
    if (number === null || row['online'] === false || row['online'] === 'no') continue;
    const caches = cachesIn(row);
    const node = idOf(row['node']);
    layout.set(Number(number), {
      core: idOf(row['core']),
      package: idOf(row['socket']),
      l2: caches.get('l2') ?? null,
      l3: caches.get('l3') ?? null,
      node: node === null ? null : Number(node),
    });
  }
  return layout.size === 0 ? undefined : layout;
}

type Row = Readonly<Record<string, unknown>>;

function rowsIn(text: string): readonly Row[] {
  let parsed: unknown;
  try {
    // Up to 2.38 a number that is not known is a dash without quotes.
    parsed = JSON.parse(text.replaceAll(/(":\s*)-(?=\s*[,}])/g, '$1null'));
  } catch {
    return [];
  }
  const rows = typeof parsed === 'object' && parsed !== null && 'cpus' in parsed ? parsed.cpus : [];
  if (!Array.isArray(rows)) return [];
  return rows.filter((row): row is Row => typeof row === 'object' && row !== null);
}

/** A number of lscpu, which some versions print as text. */
function idOf(value: unknown): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^\d+$/.test(text) ? text : null;
}

/** Caches are one column, such as `l1d:l1i:l2:l3` with `0:0:0:0`. */
function cachesIn(row: Row): ReadonlyMap<string, string> {
  const [name = '', value] = Object.entries(row).find(([key]) => /^l\d\w*(:|$)/.test(key)) ?? [];
  const ids = typeof value === 'string' || typeof value === 'number' ? String(value).split(':') : [];
  return new Map(
    name.split(':').flatMap((level, index) => {
      const id = idOf(ids[index]);
      return id === null ? [] : [[level, id] as const];
    }),
  );
}
