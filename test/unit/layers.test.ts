import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layers, layerViolations } from '../helpers/layers.ts';

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

describe('src', () => {
  it('has only directories that are layers', () => {
    const directories = readdirSync(new URL('src/', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);

    expect(directories.filter((name) => !layers.includes(name))).toEqual([]);
  });

  it('imports downward only', () => {
    const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
      .map((path) => `src/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts'));
    const sources = new Map(files.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));

    expect(layerViolations(sources)).toEqual([]);
  });
});
