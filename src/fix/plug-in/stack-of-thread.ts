/**
 * Where the code of a plug-in stands: in the stack of an error, and in a thread that does not come back. A worker that
 * spins can be asked through the inspector; it costs nothing until then.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitMutant } from '../mutation/mutation.ts';
import { plugInUrl } from './plug-in-url.ts';

/** How long a thread may take to answer. */
const ANSWER_MS = 1_000;
const QUESTION_ID = 1;
/** Made by the thread wherever it stands: V8 lets the inspector in at its next loop turn, call, or wait. */
const QUESTION = JSON.stringify({
  id: QUESTION_ID,
  method: 'Runtime.evaluate',
  params: {
    expression: `(() => {
      const { stackTraceLimit, prepareStackTrace } = Error;
      Error.stackTraceLimit = 100;
      // Node's own looks for source maps, which takes long.
      Error.prepareStackTrace = (_error, sites) => sites.map((site) => '    at ' + site).join('\\n');
      try { return String(new Error().stack); }
      finally { Error.stackTraceLimit = stackTraceLimit; Error.prepareStackTrace = prepareStackTrace; }
    })()`,
    silent: true,
    returnByValue: true,
  },
});

/** Where a thread stands. */
export interface ThreadPosition {
  /** False where it does not even look at the question: it is in a call of the system, or in a long one of JavaScript's own. */
  readonly hasAnswered: boolean;
  /** Undefined if it stands outside of the plug-in, has nothing to do, or has not answered. */
  readonly place: string | undefined;
  /** The plug-in of that place. */
  readonly plugIn?: string | undefined;
}

/** A frame of a plug-in in a stack. */
export interface Frame {
  readonly plugIn: string;
  /** `setIoPages (my-fix.mjs:7)`. */
  readonly place: string;
}

/** What the inspector says; only what is read of it. */
interface Message {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: string } };
}

/** The place of `frameInStack`. */
export function placeInStack(
  stack: string | undefined,
  plugIns: string | readonly string[],
): string | undefined {
  return frameInStack(stack, plugIns)?.place;
}

/** The innermost frame of plug-ins in a stack, or undefined if there is none. */
export function frameInStack(
  stack: string | undefined,
  plugIns: string | readonly string[],
): Frame | undefined {
  const sources = [plugIns].flat();
  // A CommonJS module is called by its path.
  const known = sources.flatMap((plugIn) => {
    const url = urlOf(plugIn);
    return [
      { name: url, plugIn },
      { name: fileURLToPath(url), plugIn },
    ];
  });
  for (const line of stack?.split('\n') ?? []) {
    const found = known.find(({ name }) => line.includes(name));
    if (found === undefined) continue;
    const { name, plugIn } = found;
    const at = line.indexOf(name);
    const number = /^(?:\?[^:]*)?:(\d+)/.exec(line.slice(at + name.length))?.[1];
    const called = /at (?:async )?(?:new )?(?:.*\.)?([#\w$]+) (?:\[as [^\]]*\] )?\(/.exec(
      line.slice(0, at),
    )?.[1];
    return { plugIn, place: placeText(called, plugIn, number) };
  }
  return undefined;
}

/**
 * Says where in the plug-in a thread stands, on top of its stack or in any frame, as `placeInStack` does.
 *
 * The thread is asked for the stack of an error, which it makes in the midst of what it does. It is never stopped: a thread that got the
 * question late, when nobody waited for an answer any more, stood still for ever when it was asked to pause, and could not be ended.
 */
export async function placeInThread(
  threadId: number,
  plugIns: string | readonly string[],
  where: 'any frame' | 'top' = 'any frame',
): Promise<ThreadPosition> {
  const inspector = await import('node:inspector').catch(() => undefined);
  if (inspector === undefined) return { hasAnswered: true, place: undefined };
  const session = new inspector.Session();
  let timer: NodeJS.Timeout | undefined;
  try {
    session.connect();
    const answer = await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ANSWER_MS);
      session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
        // The id that is given here is the inspector's own; the title begins with that of the thread.
        if (workerInfo.title.startsWith(`[worker ${threadId}]`)) {
          session.post('NodeWorker.sendMessageToWorker', { sessionId, message: QUESTION });
        }
      });
      session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the inspector's own words; all parts are optional
        const { id, result } = JSON.parse(params.message) as Message;
        if (id === QUESTION_ID) resolve(result?.result?.value ?? '');
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
        if (error !== null) resolve('');
      });
    });
    const frame = frameInStack(where === 'top' ? topOf(answer) : answer, plugIns);
    return { hasAnswered: answer !== undefined, place: frame?.place, plugIn: frame?.plugIn };
  } catch {
    // An inspector that does not work is none.
    return { hasAnswered: true, place: undefined };
  } finally {
    clearTimeout(timer);
    session.disconnect();
  }
}

/** The innermost frame of a stack that is in a file: above it are the question itself and functions of JavaScript's own. */
function topOf(stack: string | undefined): string | undefined {
  return stack?.split('\n').find((line) => /:\d+\)?$/.test(line) && !line.includes('<anonymous>:'));
}

/** Of the module; a mutant of it is named by the module, too. */
function urlOf(plugIn: string): string {
  return plugInUrl(splitMutant(plugIn)?.strategy ?? plugIn);
}

function placeText(called: string | undefined, plugIn: string, line: string | undefined): string {
  const file = basename(fileURLToPath(urlOf(plugIn)));
  const place = line === undefined ? file : `${file}:${line}`;
  return called === undefined || called === '' ? place : `${called} (${place})`;
}
