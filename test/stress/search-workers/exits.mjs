/** A thread of a search that ends the process it thinks it is. */
export default function exits() {
  process.exit(3);
}
