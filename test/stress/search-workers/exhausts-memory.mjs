/** A thread of a search that takes memory until there is none: text, which no collection has to look through. */
export default function exhaustsMemory() {
  const taken = [];
  for (;;) taken.push(Buffer.alloc(500_000).toString('latin1'));
}
