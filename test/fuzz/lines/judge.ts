/** What every command line must do, whatever it says. */
import { commands } from '../../../src/cli/commands/registry.ts';

/** How a line has ended. */
export interface Ended {
  /** Null if it had to be killed, or if a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Statuses that only a signal leads to. */
const INTERRUPTED = 130;
const USAGE = 64;
/** Lines of a run that come before it is refused. */
const NOTICE = /^ebtorture: (?:no control among the strategies, \w+ is added|takes .* of shared memory)$/;

/** The statuses that the help of a command speaks of. */
export function documented(epilogue: string): ReadonlySet<number> {
  const text = epilogue.slice(epilogue.indexOf('Exit status'));
  return new Set(
    [...text.matchAll(/(?<![\w./])(0|1|2|64|70|130)(?![\w./])/g)].map(([, status]) => Number(status)),
  );
}

const DEFAULT = commands.find(({ isDefault }) => isDefault === true);

/** What is wrong with how a line has ended; empty if nothing is. */
export function objections(argv: readonly string[], { status, stdout, stderr }: Ended): string[] {
  if (status === null) return ['did not end by itself'];
  const command = commands.find(({ name }) => name === argv[0]) ?? DEFAULT;
  const found: string[] = [];
  const allowed = documented(command?.epilogue ?? '');
  if (status === INTERRUPTED || !allowed.has(status)) found.push(`status ${status} is not documented`);
  if (/internal error/.test(stderr)) found.push('internal error');
  if (/^\s+at .*[:(]/m.test(stderr)) found.push('stack trace');
  if (/Warning: /.test(stderr)) found.push('a warning of the runtime');
  if (status !== 0 && stdout === '' && stderr === '') found.push('fails without a word');
  if (status === USAGE) found.push(...refusalObjections(stdout, stderr));
  else if (status < USAGE && argv.includes('--json') && !isDocument(stdout))
    found.push('--json printed no document');
  return found;
}

function refusalObjections(stdout: string, stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => !NOTICE.test(line));
  const found: string[] = [];
  if (stdout !== '') found.push('refused, but prints on stdout');
  if (lines.length !== 2 || lines[1] !== '') found.push(`refused in ${lines.length - 1} lines`);
  if (!/^ebtorture: \P{C}+$/u.test(lines[0] ?? '')) found.push('refused in a line with what cannot be seen');
  if ((lines[0] ?? '').length > LINE_MAX) found.push('refused in a line without end');
  return found;
}

const LINE_MAX = 4_000;

function isDocument(text: string): boolean {
  // Help and version, which are no results, are printed as they are.
  if (!text.startsWith('{')) return /^(?:ebtorture|Runs |\d+\.\d+|###)/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
