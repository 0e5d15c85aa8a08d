/** Files that do not add up to one work: the message says which, and what differs. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}
