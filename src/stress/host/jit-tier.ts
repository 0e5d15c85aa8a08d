import type { JitTier } from './machine-facts.ts';

/** From this major version on V8 runs Maglev unless told not to. */
const MAGLEV_SINCE = 12;
/** Flags that change which compilers run, or when. */
const JIT_FLAG =
  /^--(no-?)?(jitless|opt|turbofan|turbo-\S+|maglev\S*|sparkplug\S*|always-\S+|max-opt\S*|max-lazy|lazy\S*|interrupt-budget\S*|stress-\S+|predictable\S*)(=.*)?$/;

/**
 * The highest compiler that V8 may use, and the flags that bear on it: the rate of a race changes tenfold with it. Flags
 * of the process count for its threads as well.
 */
export function jitTier(options: { readonly flags: readonly string[]; readonly v8: string }): JitTier {
  // V8 takes underscores for dashes.
  const flags = options.flags.map((flag) => flag.replaceAll('_', '-')).filter((flag) => JIT_FLAG.test(flag));
  const isOn = (names: readonly string[], byDefault: boolean): boolean => {
    const last = flags.findLast((flag) =>
      names.some((name) => flag.replace(/^--no-?/, '--') === `--${name}`),
    );
    return last === undefined ? byDefault : names.some((name) => last === `--${name}`);
  };
  const tier = ((): JitTier['tier'] => {
    if (isOn(['jitless'], false)) return 'Ignition';
    if (isOn(['opt', 'turbofan'], true)) return 'TurboFan';
    if (isOn(['maglev'], Number.parseInt(options.v8, 10) >= MAGLEV_SINCE)) return 'Maglev';
    return isOn(['sparkplug'], true) ? 'Sparkplug' : 'Ignition';
  })();
  return { tier, flags };
}

/** The flags that this process runs with. */
export function processFlags(): string[] {
  return [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv].filter(Boolean);
}
