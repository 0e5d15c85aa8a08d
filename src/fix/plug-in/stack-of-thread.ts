/**
 * Where the code of a plug-in stands: in the stack of an error, and in a thread that does not come back. A worker that
 * spins can be asked through the inspector, which stops it at its next loop turn or call; it costs nothing until then.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plugInUrl } from './plug-in-url.ts';

/** How long a thread may take to stop for the question. */
const PAUSE_MS = 1_000;

/** What the inspector says; only what is read of it. */
interface Message {
  readonly method?: string;
  readonly params?: {
    readonly scriptId?: string;
    readonly url?: string;
    readonly callFrames?: readonly {
      readonly functionName: string;
      readonly location: { readonly scriptId: string; readonly lineNumber: number };
    }[];
  };
}

/** `setIoPages (my-fix.mjs:7)`: the innermost frame of the plug-in in a stack, or undefined if there is none. */
export function placeInStack(stack: string | undefined, plugIn: string): string | undefined {
  const url = plugInUrl(plugIn);
  // A CommonJS module is called by its path.
  const names = [url, fileURLToPath(url)];
  for (const line of stack?.split('\n') ?? []) {
    const name = names.find((candidate) => line.includes(candidate));
    if (name === undefined) continue;
    const at = line.indexOf(name);
    const number = /^(?:\?[^:]*)?:(\d+)/.exec(line.slice(at + name.length))?.[1];
    const called = /at (?:async )?(?:new )?(?:.*\.)?([#\w$]+) (?:\[as [^\]]*\] )?\(/.exec(
      line.slice(0, at),
    )?.[1];
    return placeText(called, plugIn, number);
  }
  return undefined;
}

/**
 * Stops a thread for a moment and says where in the plug-in it stands, on top of its stack or in any frame, as `placeInStack` does; undefined if it stands elsewhere, if it
 * sleeps, or if there is no inspector.
 */
export async function placeInThread(
  threadId: number,
  plugIn: string,
  where: 'any frame' | 'top' = 'any frame',
): Promise<string | undefined> {
  const inspector = await import('node:inspector').catch(() => undefined);
  if (inspector === undefined) return undefined;
  const url = plugInUrl(plugIn);
  const session = new inspector.Session();
  let timer: NodeJS.Timeout | undefined;
  try {
    session.connect();
    return await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PAUSE_MS);
      const urls = new Map<string, string>();
      const tell = (sessionId: string, method: string): void => {
        const message = JSON.stringify({ id: 1, method });
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
      };
      session.on('NodeWorker.attachedToWorker', ({ params }) => {
        // The id that is given here is the inspector's own; the title begins with that of the thread.
        if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return;
        tell(params.sessionId, 'Debugger.enable');
        tell(params.sessionId, 'Debugger.pause');
      });
      session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the inspector's own words; all parts are optional
        const said = JSON.parse(params.message) as Message;
        if (said.method === 'Debugger.scriptParsed') {
          urls.set(said.params?.scriptId ?? '', said.params?.url ?? '');
        } else if (said.method === 'Debugger.paused') {
          const frames = said.params?.callFrames ?? [];
          const frame = (where === 'top' ? frames.slice(0, 1) : frames).find(
            ({ location }) => urls.get(location.scriptId)?.startsWith(url) === true,
          );
          // A thread that is stopped cannot be ended.
          tell(params.sessionId, 'Debugger.disable');
          resolve(frame && placeText(frame.functionName, plugIn, String(frame.location.lineNumber + 1)));
        }
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => {
        if (error !== null) resolve(undefined);
      });
    });
  } finally {
    clearTimeout(timer);
    session.disconnect();
  }
}

function placeText(called: string | undefined, plugIn: string, line: string | undefined): string {
  const file = basename(fileURLToPath(plugInUrl(plugIn)));
  const place = line === undefined ? file : `${file}:${line}`;
  return called === undefined || called === '' ? place : `${called} (${place})`;
}
