import { createServer, type Socket } from 'node:net'

import { assert } from '../../../src/platform/assert.ts'

/** A request as it came over the wire, growing while it comes. */
export interface Arrival {
  readonly method: string
  readonly target: string
  /** Names in lower case, in the order in which they came. */
  readonly headers: readonly (readonly [string, string])[]
  /** Bytes after the head so far, chunk sizes included. */
  body: string
  readonly socket: Socket
  /** Settles when the connection has gone, however it went. */
  readonly closed: Promise<void>
}

/** What to do on a connection once the head of a request is there. */
export type Behaviour = (arrival: Arrival) => void

export interface Loopback {
  readonly origin: string
  readonly arrivals: Arrival[]
  /** Settles when a request for the path has arrived. */
  arrivalOf(target: string): Promise<Arrival>
  close(): Promise<void>
}

/**
 * An upstream made of bare sockets, because the failures that matter cannot be had from an HTTP library: garbage,
 * resets, answers that break off. Which behaviour a connection gets depends on the path asked for.
 */
export async function startLoopback(behaviours: Readonly<Record<string, Behaviour>>): Promise<Loopback> {
  const arrivals: Arrival[] = []
  const waiting = new Map<string, (arrival: Arrival) => void>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    readArrival(socket, (arrival) => {
      arrivals.push(arrival)
      waiting.get(arrival.target)?.(arrival)
      const behaviour = behaviours[arrival.target.split('?', 1)[0] ?? ''] ?? behaviours['*']
      assert(behaviour !== undefined, `a behaviour for ${arrival.target}`)
      behaviour(arrival)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(typeof address === 'object' && address !== null, 'the loopback upstream listens')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    arrivals,
    arrivalOf(target) {
      const known = arrivals.find((arrival) => arrival.target === target)
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.set(target, resolve))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function readArrival(socket: Socket, onArrival: (arrival: Arrival) => void): void {
  let text = ''
  let arrival: Arrival | undefined
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end === -1) return
    if (arrival === undefined) {
      const [first = '', ...lines] = text.slice(0, end).split('\r\n')
      const [method = '', target = ''] = first.split(' ')
      const headers = lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
      })
      arrival = { method, target, headers, body: text.slice(end + 4), socket, closed }
      onArrival(arrival)
    } else arrival.body = text.slice(end + 4)
  })
}

/** Says these bytes and ends the connection. */
export function says(bytes: string): Behaviour {
  return ({ socket }) => void socket.end(Buffer.from(bytes, 'latin1'))
}

/** Answers with a status line and headers, and a body whose length is told. */
export function answers(status: string, headers: readonly string[] = [], body = ''): Behaviour {
  const lines = [
    `HTTP/1.1 ${status}`,
    ...headers,
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  ]
  return says(lines.join('\r\n'))
}
