import { assert } from './assert.ts'

/**
 * A bounded map that forgets what was used longest ago.
 *
 * It holds values only, never promises or I/O objects: a promise made by one request may hang or be cancelled
 * with its owner while another waits for it.
 */
export class Lru<V> {
  readonly #entries = new Map<string, V>()
  readonly #entriesMax: number

  constructor(entriesMax: number) {
    assert(entriesMax > 0, `lru bound above zero, got ${entriesMax}`)
    this.#entriesMax = entriesMax
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#entriesMax) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }
}
