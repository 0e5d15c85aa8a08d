import { describe, expect, it } from 'vitest';
import { type Branches, DepthFirst, EVERYTHING } from '../../src/explore/search/depth-first.ts';
import { explore } from '../../src/explore/explore.ts';
import { FairCycles } from '../../src/explore/search/fair-cycles.ts';
import { Machine } from '../../src/explore/machine/machine.ts';
import { IGNORED_NOTES } from '../../src/explore/program/note-classes.ts';
import { packMove } from '../../src/explore/machine/packed-move.ts';
import { ALL_REDUCTIONS, NO_CHANCES, NO_REDUCTIONS, Session } from '../../src/explore/search/session.ts';
import { RemoteTables } from '../../src/explore/program/tables.ts';
import { VisitedSet } from '../../src/explore/search/visited-set.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';

const setting = settingFor('primed', 'finder=2,reclaim=2');

/** Walks a way from the start. Throws where a move is one that its actor cannot make there. */
function walk(machine: Machine, way: Int32Array): Machine {
  machine.reset();
  for (const [step, move] of way.entries()) {
    const [actor, choice] = [move & 31, move >>> 5];
    if (!machine.isEnabled(actor) || choice >= machine.choices(actor)) {
      throw new RangeError(`step ${step} of ${way.length}: actor ${actor} cannot move`);
    }
    machine.take(actor, choice);
  }
  return machine;
}

function searchWith(session: Session, machine: Machine, poll: () => boolean): DepthFirst {
  return new DepthFirst({
    machine,
    visited: new VisitedSet(),
    alone: undefined,
    cycles: new FairCycles(machine, session.futures.tables),
    symmetry: false,
    poll,
    onGrowth: () => {},
  });
}

describe('the way to where a search stands', () => {
  it('is one that can be gone, whenever it is looked at', () => {
    const session = new Session({
      setting,
      strategy: upstream,
      reductions: ALL_REDUCTIONS,
      chances: NO_CHANCES,
    });
    session.rehearse();
    session.attempt((machine) => {
      const ways: Int32Array[] = [];
      const search: DepthFirst = searchWith(session, machine, () => {
        ways.push(search.moves.slice(0, search.length));
        return false;
      });
      search.run(EVERYTHING);

      expect(ways.length).toBeGreaterThan(10);
      session.attempt((other) => {
        for (const way of ways) walk(other, way);
      });
    });
  });

  it('is asked for as far as it has been gone, where a part of a search leads to something unknown', () => {
    const { violations } = explore({ setting, strategy: none });
    const moves = violations[0]?.witness?.moves ?? [];
    const way = Int32Array.from(moves.slice(0, -1), ({ actor, choice }) => packMove(actor, choice));
    const session = new Session({ setting, strategy: none, reductions: NO_REDUCTIONS, chances: NO_CHANCES });
    const remote = session.frozenMachine();
    const asked: Int32Array[] = [];
    const automata = new RemoteTables(remote.tables, () => {
      const here = search.moves.slice(0, search.length);
      asked.push(here);
      session.follow(here);
      return session.frozenMachine().tables;
    });
    const machine = new Machine({ ...remote.machine, setting, automata, notes: IGNORED_NOTES });
    const search: DepthFirst = searchWith(session, machine, () => true);
    const job: Branches = { ...EVERYTHING, moves: way, length: way.length, todo: 1 };
    search.run(job);

    expect(asked.length).toBeGreaterThan(0);
    for (const part of asked) expect([...part]).toEqual([...way.subarray(0, part.length)]);
    // The first step of all is the first that the tables do not know.
    expect(asked[0]).toHaveLength(1);
  });
});
