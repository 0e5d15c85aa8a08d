/** Allocates without end before there is a strategy, in large pieces: it must be out of memory before its time is over. */
export default (Base) => class extends Base {};

const kept = [];
for (;;) kept.push(Array.from({ length: 10_000 }, () => 'x'.repeat(1_000).split('')));
