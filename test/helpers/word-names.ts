/** The names of words live with the engine that shows them. */
export { maskOf, WordNames } from '../../src/explore/schedule/word-names.ts';
export { bitsOf } from '../../src/model/word-fields.ts';
