import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

import type { LedgerStorage } from '../../../src/grants/ledger-tables.ts'

/** What is thrown in place of the process dying. */
export class Killed extends Error {}

/**
 * The storage of one object over Node's SQLite: the same statements in the same transactions, without workerd.
 *
 * `dieBeforeStatement` kills the process that many statements from now; what was not committed is then gone, as it is there.
 */
export class NodeStorage implements LedgerStorage {
  readonly #db = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()
  #statementsLeft = Infinity

  readonly sql = {
    exec: (query: string, ...bindings: (string | number | null)[]) => {
      if (this.#statementsLeft <= 0) throw new Killed('killed')
      this.#statementsLeft -= 1
      const rows = this.#prepare(query).all(...bindings)
      return { toArray: () => rows }
    },
  }

  transactionSync<T>(closure: () => T): T {
    this.#db.exec('BEGIN')
    try {
      const answer = closure()
      if (this.#statementsLeft <= 0) throw new Killed('killed before the commit')
      this.#db.exec('COMMIT')
      return answer
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  dieBeforeStatement(count: number): void {
    this.#statementsLeft = count
  }

  revive(): void {
    this.#statementsLeft = Infinity
  }

  all(query: string, ...bindings: SQLInputValue[]) {
    return this.#prepare(query).all(...bindings)
  }

  /** Forgets all rows, which is a hundred times cheaper than another database. */
  clear(): void {
    const query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_version'"
    for (const { name } of this.all(query)) this.#db.exec(`DELETE FROM ${String(name)}`)
  }

  #prepare(query: string): StatementSync {
    const known = this.#statements.get(query)
    if (known !== undefined) return known
    const statement = this.#db.prepare(query)
    this.#statements.set(query, statement)
    return statement
  }
}
