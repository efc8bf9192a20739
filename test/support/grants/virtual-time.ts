interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** A clock in milliseconds that jumps from one event to the next. Events of one instant run as they were planned. */
export class VirtualTime {
  nowMs = 1_800_000_000_000
  #planned: Event[] = []
  #order = 0

  after(delayMs: number, run: () => void): void {
    this.#order += 1
    this.#planned.push({ at: this.nowMs + delayMs, order: this.#order, run })
  }

  runAll(): void {
    for (;;) {
      const next = this.#planned.reduce<Event | undefined>(
        (first, event) =>
          first === undefined || event.at < first.at || (event.at === first.at && event.order < first.order)
            ? event
            : first,
        undefined,
      )
      if (next === undefined) return
      this.#planned = this.#planned.filter((event) => event !== next)
      this.nowMs = next.at
      next.run()
    }
  }
}
