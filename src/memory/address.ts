/** A word index into the shared array. 0 is the NULL pointer: no structure starts there. */
export type Address = number;
