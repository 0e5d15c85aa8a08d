/**
 * A build that is slower by a known amount: a copy whose actors wait in every trial. Shows that a comparison would have seen
 * such a change.
 *
 * The wait is a loop between two atomic additions to a cell of the thread's own. A loop alone is no slow-down: processors run it
 * while they wait for the atomics around it, and 14 rounds of 1.3 ns in each actor added nothing to a trial. Even so a few ns of
 * each wait hide in the trial.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { Build } from './build.ts';
import { SessionError } from './session.ts';

/** What begins each trial of an actor, in the two bundles that hold its loop. */
const TRIAL = 'model.notes = 0,';
const BUNDLES = ['dist/stress/actor.js', 'dist/stress/arm-runtime.js'];
const ROUNDS_MAX = 4096;

function waitSource(rounds: number): string {
  return `
const plantedCell = new Int32Array(new SharedArrayBuffer(512));
function plantedWait() {
  let x = Atomics.add(plantedCell, 64, 1);
  for (let round = 0; round < ${rounds}; round++) x = (Math.imul(x, 31) + round) | 0;
  Atomics.add(plantedCell, 64, x);
}
`;
}

/** A copy of a build; `waitNs` above 0: its actors wait about so long in each trial. */
export function copyOf(build: Build, waitNs: number): Build {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-copy-'));
  const remove = (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  };
  try {
    cpSync(join(build.folder, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(build.folder, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(build.folder, 'node_modules'), join(folder, 'node_modules'));
    if (waitNs > 0) {
      const wait = waitSource(roundsFor(waitNs));
      for (const bundle of BUNDLES) plantIn(join(folder, bundle), wait);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const label = waitNs > 0 ? `${build.label}, waiting ${waitNs.toFixed(1)} ns` : `a copy of ${build.label}`;
  return { label, folder, main: join(folder, 'dist/cli/main.js'), remove };
}

function plantIn(file: string, wait: string): void {
  const source = readFileSync(file, 'utf8');
  if (source.split(TRIAL).length !== 2) {
    throw new SessionError(`${file}: expected '${TRIAL}' once, to plant a wait behind it`);
  }
  writeFileSync(file, source.replace(TRIAL, `${TRIAL} plantedWait(),`) + wait);
}

/** Rounds of the loop that take about so long, its two additions included. */
export function roundsFor(waitNs: number): number {
  let rounds = 0;
  while (rounds < ROUNDS_MAX && nsOf(rounds) < waitNs) rounds = Math.ceil(rounds * 1.1) + 1;
  return rounds;
}

/** The shortest time of a wait in 20 samples: whatever else runs only makes it longer. */
function nsOf(rounds: number): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function that the text ends with
  const wait = runInThisContext(`(() => {${waitSource(rounds)} return plantedWait; })()`) as () => void;
  const calls = 20_000;
  const samples = Array.from({ length: 20 }, () => {
    const startedAt = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) wait();
    return Number(process.hrtime.bigint() - startedAt) / calls;
  });
  return Math.min(...samples);
}
