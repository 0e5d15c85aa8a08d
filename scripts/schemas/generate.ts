import { join } from 'node:path';
import {
  type CompletedConfig,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  type Schema,
  SchemaGenerator,
} from 'ts-json-schema-generator';
import { tightened } from './tighten.ts';

/** The type behind each schema. Its file is named after it. */
const TYPES = {
  'journal-header-compare': 'CompareHeader',
  'journal-header-stress': 'StressHeader',
  'journal-header-explain': 'ExplainHeader',
  'journal-header-window': 'WindowHeader',
  'journal-header-hunt': 'HuntHeader',
  'journal-header-mutate': 'MutateHeader',
  'journal-header-history': 'HistoryHeader',
  'journal-header-search': 'SearchHeader',
  'journal-block': 'BlockRecord',
  'journal-start': 'StartRecord',
  'journal-look': 'LookRecord',
  'journal-tuning': 'TuningLine',
  'journal-calibration': 'CalibrationLine',
  'journal-offsets': 'OffsetsRecord',
  'journal-visits': 'VisitsRecord',
  'journal-arm': 'ArmRecord',
  'journal-explanation': 'ExplanationRecord',
  'journal-chunk': 'ChunkRecord',
  'journal-finding': 'FindingRecord',
  'journal-hunted': 'HuntedRecord',
  'journal-surveyed': 'SurveyedRecord',
  'journal-mutant': 'MutantRecord',
  'journal-race': 'RaceRecord',
  'journal-played': 'PlayedRecord',
  'journal-cell': 'CellRecord',
  'journal-document': 'DocumentRecord',
  'journal-verdict': 'VerdictRecord',
  compare: 'AgreedCompareResult',
  stress: 'StressResult',
  window: 'WindowResult',
  explore: 'ExploreSaved',
  'explore-random': 'RandomExploreSaved',
  replay: 'ReplaySaved',
  explain: 'ExplainResult',
  mutate: 'MutateResult',
  history: 'HistorySaved',
  hunt: 'HuntSaved',
  cpus: 'CpusResult',
  merge: 'MergedRunResult',
  diff: 'DiffSaved',
} as const;

/** Where their imports lead to all of them. */
const ROOTS = ['src/study/journal/records.ts', 'src/report/saved/saved-result.ts'];

/** The text of every schema, by the name of its file. */
export function schemaTexts(root: string): ReadonlyMap<string, string> {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: `{${ROOTS.map((file) => join(root, file)).join(',')}}`,
    tsconfig: join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: false,
    encodeRefs: false,
    expose: 'export',
  };
  const program = createProgram(config);
  return new Map(
    Object.entries(TYPES).map(([name, type]) => {
      const own = { ...config, type };
      const schema = new SchemaGenerator(program, createParser(program, own), createFormatter(own), own);
      return [`${name}.schema.json`, textOf(name, schema.createSchema(type))];
    }),
  );
}

function textOf(name: string, schema: Schema): string {
  const $id = `https://ebtorture.example/schemas/${name}.schema.json`;
  return `${JSON.stringify({ $id, ...tightened(schema) }, null, 1)}\n`;
}
