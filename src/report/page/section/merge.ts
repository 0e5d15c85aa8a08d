/** The page of `merge` of runs: every arm on every machine, and each machine as a run by itself. */
import type { MergedRunResult, Stratum } from '../../../study/merge/merged-run-result.ts';
import { intervalText, pointText } from '../../arm-table.ts';
import { holmSentences, mergeVerdict, stratumText } from '../../merge-report.ts';
import { counted, elapsed, listed, short } from '../../number.ts';
import { element, escaped } from '../../saved/markup.ts';
import { scenarioText } from '../../scenario-text.ts';
import { shardsText } from '../../shards-text.ts';
import type { Context, Fact, Part } from '../part.ts';
import { tableMarkup } from '../table.ts';
import { block, restsOn, sentences } from './block.ts';
import { runPart } from './run.ts';

/** What the page has of it. */
export function mergePart(result: MergedRunResult): Part {
  const { config, arms, strata, shards, elapsedMs } = result;
  const runs = strata.map((stratum) => ({ stratum, part: runPart(stratum.result) }));
  const [first] = runs;
  const fixes = arms.filter(({ expectation }) => expectation === 'holds').map(({ strategy }) => strategy);
  const facts: Fact[] = [
    ['scenario', `${scenarioText(config)}, start ${config.start}, ${config.actors}`],
    ['machines', listed(strata.map(({ name }) => name))],
    [
      'runs',
      `${counted(
        strata.reduce((sum, { parts }) => sum + parts.length, 0),
        'run',
      )}, ${elapsed(elapsedMs)} together`,
    ],
    ...(shards === null ? [] : [['shards', shardsText(shards)] as const]),
    ['seed', String(config.seed)],
  ];
  return {
    question: `${first?.part.question ?? `Do ${listed(fixes)} hold?`} On ${counted(strata.length, 'machine')}.`,
    facts,
    answer: {
      proof: first?.part.answer.proof ?? [],
      hardware: mergeVerdict(result).reasons,
      power: runs.flatMap(({ stratum, part }) =>
        part.answer.power.map((text) => `On ${stratum.name}: ${text}`),
      ),
    },
    body: (context) => [
      block('Machines', armTable(result), sentences([...strata.map(stratumText), ...holmSentences(result)])),
      restsOn([...result.notices]),
      ...runs.map(({ stratum, part }) => stratumMarkup(stratum, part, context)),
    ],
  };
}

function armTable({ arms, strata }: MergedRunResult): string {
  return tableMarkup({
    caption: 'Violations of each arm on each machine; rates per million with intervals of 95 % each',
    columns: [
      { header: 'strategy' },
      { header: 'machine' },
      { header: 'trials', isNumber: true },
      { header: 'violations', isNumber: true },
      { header: 'per million' },
      { header: 'verdict' },
    ],
    rows: arms.flatMap(({ strategy }, index) =>
      strata.flatMap(({ name, result }) => {
        const arm = result.arms[index];
        return arm === undefined
          ? []
          : [
              {
                cells: [
                  strategy,
                  name,
                  short(arm.trials),
                  short(arm.violations.total),
                  `${pointText(arm.rate, arm.violations.total)}${intervalText(arm.rate)}`,
                  arm.verdict,
                ],
              },
            ];
      }),
    ),
  });
}

function stratumMarkup({ name }: Stratum, part: Part, context: Context): string {
  return element('section', {}, [
    element('h3', {}, [escaped(`The runs on ${name}`)]),
    element('p', { class: 'of' }, [escaped(part.facts.map(([key, value]) => `${key}: ${value}`).join('; '))]),
    ...part.body(context),
  ]);
}
