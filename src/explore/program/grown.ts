/** A table of 32-bit integers that grows. */
export class Grown {
  /** The table; replaced when it grows. */
  at: Int32Array = new Int32Array(1024);

  set(index: number, value: number): void {
    if (index >= this.at.length) {
      const larger = new Int32Array(Math.max(index + 1, this.at.length * 2));
      larger.set(this.at);
      this.at = larger;
    }
    this.at[index] = value;
  }
}
