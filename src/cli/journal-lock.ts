/**
 * One process at a time writes a journal. Linux has names of sockets that are no files and go with their process, however it ends: one
 * that is named after a file is a lock on it that leaves nothing behind. Elsewhere, and between containers, nobody is kept from it.
 */
import { promises } from 'node:fs';
import { createServer } from 'node:net';
import { codeOf } from './reason.ts';

/** Gives a file back. */
export type Release = () => void;

const NOTHING: Release = () => {};

/** Takes the file at a path, if there is one; undefined where another journal is being written to it. */
export async function lockedJournal(path: string): Promise<Release | undefined> {
  if (process.platform !== 'linux') return NOTHING;
  const found = await promises.stat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return NOTHING;
  const server = createServer();
  server.unref();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(codeOf(error) === 'EADDRINUSE' ? undefined : NOTHING));
    server.listen(`\0ebtorture:journal:${found.dev}:${found.ino}`, () => resolve(() => server.close()));
  });
}
