/** The names of words live with the engine that shows them. */
export { bitsOf, maskOf, WordNames } from '../../src/explore/word-names.ts';
