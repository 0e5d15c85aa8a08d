/** The names of words live with the engine that shows them. */
export { WordNames } from '../../src/explore/schedule/word-names.ts';
