/** A thread of a search that takes memory until there is none. */
export default function exhaustsMemory() {
  const taken = [];
  for (;;) taken.push(Array.from({ length: 100_000 }, () => ({ taken })));
}
