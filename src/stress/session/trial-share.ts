/** The trials of one of so many instances that divide them; Infinity of no limit. */
export function trialShare(trials: number, instances: number, index: number): number {
  return trials === Infinity
    ? Infinity
    : Math.floor(((index + 1) * trials) / instances) - Math.floor((index * trials) / instances);
}
