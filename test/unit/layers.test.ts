import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { circles, layers, layerViolations, rooms } from '../helpers/layers.ts';

const root = new URL('../../', import.meta.url);

/** Checks one planted file and returns what the checker says about it. */
function check(file: string, source: string): readonly string[] {
  return layerViolations(new Map([[file, source]]));
}

describe('layerViolations', () => {
  it('reports an upward import and passes the repaired twin', () => {
    expect(check('src/model/tree.ts', "import { runPool } from '../stress/pool.ts';")).toEqual([
      "src/model/tree.ts imports '../stress/pool.ts': stress lies above model",
    ]);

    expect(check('src/model/tree.ts', "import { readOnce } from '../memory/shared.ts';")).toEqual([]);
  });

  it.each([
    ['a type import', "import type { Run } from '../stress/run.ts';"],
    ['an import over several lines', "import {\n  type Run,\n  runPool,\n} from '../stress/run.ts';"],
    ['an import for effect', "import '../stress/run.ts';"],
    ['a re-export', "export * from '../stress/run.ts';"],
    ['a named re-export', "export { runPool as run } from '../stress/run.ts';"],
    ['a dynamic import', "const run = await import('../stress/run.ts');"],
    ['a worker entry', 'const url = new URL(`../stress/actor.${ext}`, import.meta.url);'],
    ['an import after a string that looks like a comment', "const a = '/*'; import '../stress/run.ts';"],
    ['an import through a nested directory', "import { a } from './../model/../stress/run.ts';"],
  ])('sees %s', (_name, source) => {
    expect(check('src/model/tree.ts', source)).toHaveLength(1);
  });

  it('ignores comments and packages', () => {
    const source =
      "// import '../cli/main.ts'\n/** import '../cli/main.ts' */\nimport { Piscina } from 'piscina';";

    expect(check('src/model/tree.ts', source)).toEqual([]);
  });

  it('keeps stats free of every other layer', () => {
    expect(check('src/stats/interval.ts', "import { a } from '../memory/layout.ts';")).toHaveLength(1);
    expect(check('src/stats/interval.ts', "import { a } from './beta.ts';")).toEqual([]);
    expect(check('src/stress/block.ts', "import { a } from '../stats/interval.ts';")).toEqual([]);
  });

  it('keeps the two engines apart, types included', () => {
    expect(check('src/stress/run.ts', "import type { Search } from '../explore/search.ts';")).toHaveLength(1);
    expect(check('src/explore/search.ts', "import type { Run } from '../stress/run.ts';")).toHaveLength(1);
  });

  it('lets study join the two engines, and neither of them know it', () => {
    const both =
      "import { runStress } from '../stress/run.ts'; import { explore } from '../explore/explore.ts';";

    expect(check('src/study/explain.ts', both)).toEqual([]);
    expect(check('src/stress/run.ts', "import { explain } from '../study/explain.ts';")).toHaveLength(1);
    expect(check('src/explore/search.ts', "import { explain } from '../study/explain.ts';")).toHaveLength(1);
  });

  it('lets report take types from the engines and nothing else', () => {
    expect(check('src/report/text.ts', "import type { Run } from '../stress/run.ts';")).toEqual([]);
    expect(check('src/report/text.ts', "import type { Explanation } from '../study/explain.ts';")).toEqual(
      [],
    );
    expect(check('src/report/text.ts', "import { explain } from '../study/explain.ts';")).toHaveLength(1);
    expect(check('src/report/text.ts', "import { type Run } from '../stress/run.ts';")).toHaveLength(1);
    expect(check('src/report/text.ts', "import { format } from '../explore/schedule.ts';")).toHaveLength(1);
  });

  it('lets only index.ts lie outside the layers, and nobody import it', () => {
    expect(check('src/index.ts', "export { main } from './cli/main.ts';")).toEqual([]);
    expect(check('src/errors.ts', '')).toHaveLength(1);
    expect(check('src/helpers/errors.ts', '')).toHaveLength(1);
    expect(check('src/cli/main.ts', "import { a } from '../index.ts';")).toHaveLength(1);
    expect(check('src/cli/main.ts', "import { a } from 'ebtorture';")).toHaveLength(1);
    expect(check('src/cli/main.ts', "import { a } from '../../test/helpers/layers.ts';")).toHaveLength(1);
  });
});

describe('rooms', () => {
  it('reports an import from a room above and passes the repaired twin', () => {
    expect(check('src/explore/program/step.ts', "import type { A } from '../search/search.ts';")).toEqual([
      "src/explore/program/step.ts imports '../search/search.ts': src/explore/search/search.ts lies in a room above",
    ]);
    expect(check('src/explore/search/search.ts', "import type { A } from '../program/step.ts';")).toEqual([]);
  });

  it('takes what lies in no room for the top of its layer', () => {
    expect(check('src/explore/search/search.ts', "import { a } from '../explore.ts';")).toHaveLength(1);
    expect(check('src/explore/explore.ts', "import { a } from './search/search.ts';")).toEqual([]);
  });
});

describe('circles', () => {
  it('finds one of types and of three modules, and none in what points one way', () => {
    const a = "import type { B } from './b.ts';";
    const b = "import { c } from './c.ts';";

    const c = "export type { A } from './a.ts';";
    const sources = new Map([
      ['src/a.ts', a],
      ['src/b.ts', b],
      ['src/c.ts', c],
      ['src/d.ts', a],
    ]);
    expect(circles(sources)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts']]);

    sources.set('src/c.ts', '');
    expect(circles(sources)).toEqual([]);
  });
});

describe('src', () => {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'));
  const sources = new Map(files.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));

  it.each(Object.entries(rooms))('has in %s only directories that are rooms', (layer, known) => {
    const directories = readdirSync(new URL(`src/${layer}/`, root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(directories.toSorted()).toEqual(known.toSorted());
  });

  it('has no circle of modules, types included', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('has only directories that are layers', () => {
    const directories = readdirSync(new URL('src/', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(directories.filter((name) => !layers.includes(name))).toEqual([]);
  });

  it('imports downward only', () => {
    expect(layerViolations(sources)).toEqual([]);
  });
});
