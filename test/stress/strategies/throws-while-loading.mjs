/** Throws before there is a strategy. */
export default (Base) => class extends Base {};

throw new Error('planted: no config');
