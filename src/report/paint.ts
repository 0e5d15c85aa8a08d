/** What a word means to the reader: the color is chosen by whoever knows the terminal. */
export type Tone = 'good' | 'bad' | 'unsure';

/** Colors a word. A report stays a pure function: it is told how, and asks no terminal. */
export type Paint = (tone: Tone, text: string) => string;

/** No colors: for files, pipes and comparisons. */
export const plain: Paint = (_tone, text) => text;
