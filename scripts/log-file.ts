import { createWriteStream, type WriteStream } from 'node:fs'

import type { LogSink } from './runtime.ts'

/** Writes the Worker's log lines to a file that begins anew with each start, and shows the errors. */
export function logFile(path: string): LogSink {
  let stream: WriteStream | undefined
  return ({ level, message }) => {
    stream ??= createWriteStream(path)
    stream.write(`${message}\n`)
    if (level === 'error') console.error(message)
  }
}
