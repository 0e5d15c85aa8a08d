/** The clocks of an arm, taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const hrtimeOfNode = process.hrtime.bigint.bind(process.hrtime);

/** In ns, of the wall clock in ms. */
export const hrtime = (): bigint => hrtimeOfNode();
export const wallClock: () => number = Date.now.bind(Date);
