/** What was counted, by what it is. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(what: string): void {
    this.#counts.set(what, this.of(what) + 1)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  toString(): string {
    return Array.from(this.#counts, ([what, count]) => `${String(count).padStart(6)} ${what}`).join('\n')
  }
}
