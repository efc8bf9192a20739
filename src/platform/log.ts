/** Values that a log line may carry. A `Secret` is not among them. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * Writes one JSON line. `event` is a fixed tag to search by; what varies goes into the fields.
 *
 * Tokens, codes, passwords and bodies are never logged: logs are read by more people than the database.
 */
export function log(level: 'info' | 'warn' | 'error', event: string, fields: LogFields): void {
  console[level](JSON.stringify({ level, event, ...fields }))
}
