/**
 * The text of a window profile: what was run, a plot per placement and last toucher, the figures of every curve, and
 * what they mean. A pure function of the result.
 */
import { wordsIn } from '../catalog/words.ts';
import type { WindowResult } from '../stress/window/window-result.ts';
import { counted, elapsed, listed, short } from './number.ts';
import type { Paint } from './paint.ts';
import { ledByVerdict, reportText } from './report-text.ts';
import { windowCommand } from './window-command.ts';
import { WINDOW_DEFAULTS } from '../scenario/window-defaults.ts';
import { windowFindings, windowVerdict } from './window-findings.ts';
import { windowPlots } from './window-plots.ts';
import { windowTable } from './window-table.ts';
import { pinnedText } from './run-header.ts';
import { pagesPart } from './pages-text.ts';
import { placesText } from './places-text.ts';
import { placementName } from './window-placement.ts';
import { wrapped } from './wrap.ts';
import { scenarioText } from './scenario-text.ts';

const KEY_COLUMNS = 11;

/** The report of `ebtorture window`. */
export function windowReport(result: WindowResult, paint: Paint, isBrief = false): string {
  const hasProfiles = result.profiles.length > 0;
  const judged = verdictLines(result, paint);
  const table = hasProfiles ? windowTable(result) : [];
  const again = ['Run it again:', ...windowCommand(result)];
  if (isBrief) return reportText([judged, table, again]);
  return ledByVerdict(judged, [
    header(result),
    hasProfiles ? windowPlots(result) : ['No profile has visits at enough offsets.'],
    table,
    ...(hasProfiles ? windowFindings(result).map((sentence) => wrapped(sentence)) : []),
    result.notices.flatMap((notice) => wrapped(notice, { prefix: 'note: ' })),
    judged,
    again,
  ]);
}

function header(result: WindowResult): string[] {
  const { environment, config, calibration, visits, places = [] } = result;
  const pinned = places.length === 0 ? pinnedText(environment) : '';
  const commit = environment.commit === null ? '' : ` (commit ${environment.commit})`;
  const [from, to] = config.rangeNs;
  const spins = calibration.spins.map(({ nsPerRound }) => nsPerRound);
  const facts: readonly (readonly [string, string])[] = [
    [
      'scenario',
      `${scenarioText(config)}, start ${config.start}${pagesPart(config.pages, wordsIn(result).pagesAre)}`,
    ],
    ['strategy', strategyText(result)],
    ['actors', config.actors],
    ['machine', `${environment.cpuModel}, ${counted(environment.cpuCount, 'CPU')}${pinned}`],
    ...placesText(places, environment.pinnedTo !== null).map((text) => ['places', text] as const),
    [
      'runtime',
      `Node ${environment.node}, V8 ${environment.v8}, ${environment.platform} ${environment.arch}`,
    ],
    ['cores', placementsText(result)],
    [
      'offsets',
      `${from} to ${to} ns, up to ${config.points} of them` +
        (visits.total === 0
          ? ''
          : `, ${calibration.finestStepNs} ns apart at the peak; the loop behind them takes ` +
            `${listed([...new Set(spins.map((ns) => ns.toFixed(2)))])} ns per round`),
    ],
    ['length', lengthText(result)],
    ['visits', visitsText(visits, result.starts)],
    ['seed', String(config.seed)],
  ];
  return [
    ...wrapped(`ebtorture ${environment.version} window${commit}`),
    ...facts.flatMap(([key, text]) => wrapped(text, { prefix: `  ${key}`.padEnd(KEY_COLUMNS + 2) })),
  ];
}

function strategyText({ strategy, profiles }: WindowResult): string {
  const control = profiles.find(({ isControl }) => isControl);
  return control === undefined
    ? strategy
    : `${strategy}, with visits of the control ${control.strategy} between`;
}

function placementsText({ profiles }: WindowResult): string {
  const placements = new Map(profiles.map(({ placement }) => [placementName(placement), placement]));
  if (placements.size === 0) return 'not met side by side long enough';
  const texts = [...placements].map(
    ([
      name,
      {
        roundTripNs,
        roundTripRangeNs: [low, high],
      },
    ]) => {
      const range = `round trip ${short(roundTripNs)} ns (${short(low)} to ${short(high)})`;
      return name === '' ? range : `${name}: ${range}`;
    },
  );
  return texts.join('; ');
}

function lengthText({ config, elapsedMs, isInterrupted }: WindowResult): string {
  const asked =
    config.trialsPerPoint === null
      ? elapsed(config.durationMs ?? WINDOW_DEFAULTS.durationMs)
      : `${counted(config.trialsPerPoint, 'trial', short)} per point`;
  return `${asked}, ${isInterrupted ? 'INTERRUPTED after' : 'took'} ${elapsed(elapsedMs)}`;
}

function visitsText({ total, notSideBySide, stray }: WindowResult['visits'], starts: number): string {
  const left = [
    ...(notSideBySide > 0 ? [`${notSideBySide} with the actors not side by side`] : []),
    ...(stray > 0 ? [`${stray} in placements met too rarely`] : []),
  ];
  const without = left.length === 0 ? '' : `; left out: ${listed(left)}`;
  return `${counted(total, 'visit')} in random order, in ${counted(starts, 'start')} of the threads${without}`;
}

function verdictLines(result: WindowResult, paint: Paint): string[] {
  const { word, tone, reasons } = windowVerdict(result);
  const so = result.isInterrupted ? ['Interrupted: this is what was measured so far.'] : [];
  const [first = '', ...rest] = wrapped([`Verdict: ${word}.`, ...reasons, ...so].join(' '));
  return [first.replace(word, () => paint(tone, word)), ...rest];
}
