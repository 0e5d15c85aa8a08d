/** The page of `window`. */
import type { WindowResult } from '../../../stress/window/window-result.ts';
import { windowFindings, windowVerdict } from '../../window-findings.ts';
import { scenarioText } from '../../scenario-text.ts';
import { windowCharts } from '../chart/windows.ts';
import { measuredFacts } from '../facts.ts';
import { NO_ANSWER, type Part } from '../part.ts';
import { block, restsOn } from './block.ts';

/** What the page has of a profile. */
export function windowPart(result: WindowResult): Part {
  const { config, environment, strategy, expectation, places } = result;
  const question =
    expectation === 'holds'
      ? `Does ${strategy} cover the window of the race?`
      : `How wide is the window of the race under ${strategy}?`;
  const findings = windowFindings(result);
  return {
    question,
    facts: [
      ['scenario', `${scenarioText(config)}, start ${config.start}, ${config.actors}`],
      ...measuredFacts(result, { environment, seed: config.seed, ...(places !== undefined && { places }) }),
    ],
    answer: { ...NO_ANSWER, hardware: [...windowVerdict(result).reasons, ...findings.slice(0, 1)] },
    body: () => [block('The window', ...windowCharts(result)), restsOn([...findings, ...result.notices])],
  };
}
