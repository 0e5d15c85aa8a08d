/** Allocates without end before there is a strategy. */
export default (Base) => class extends Base {};

const kept = [];
for (;;) kept.push(Array.from({ length: 1_000 }, () => ({})));
