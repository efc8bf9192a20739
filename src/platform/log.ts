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

/**
 * What an error may say in a log. A failed query lists its parameters in its message, and those are e-mail addresses,
 * digests and sealed keys; its cause says what went wrong without them.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error'
  if (!('params' in error)) return error.message
  return error.cause instanceof Error ? error.cause.message : 'a query failed'
}

/** Where an error came from, without the message that a stack begins with. */
export function errorPlace(error: Error): string {
  const lines = (error.stack ?? '').split('\n')
  return lines.filter((line) => line.trimStart().startsWith('at ')).join('\n')
}
