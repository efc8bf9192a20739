import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number
  /** In the order in which they came, names in lower case. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  /** Whether the body is as long as was announced, or ended as chunked bodies do. */
  readonly isWhole: boolean
}

/** Opens a connection and sends these bytes. */
export function dial(url: string, bytes: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(Buffer.from(bytes, 'latin1'))
  return socket
}

/**
 * Sends one request byte for byte and reads the answer, because a client library mends what a test wants to send
 * broken and hides what it receives so.
 */
export async function exchange(url: string, head: readonly string[], body = ''): Promise<WireAnswer> {
  return answerOn(dialRequest(url, head, body))
}

/** The same from a caller that has no more to say after these bytes, whatever its head announced. */
export async function exchangeEnded(url: string, head: readonly string[], body: string): Promise<WireAnswer> {
  const socket = dialRequest(url, head, body)
  socket.end()
  return answerOn(socket)
}

function dialRequest(url: string, head: readonly string[], body: string): Socket {
  const { host } = new URL(url)
  return dial(url, [...head.toSpliced(1, 0, `Host: ${host}`, 'Connection: close'), '', body].join('\r\n'))
}

async function answerOn(socket: Socket): Promise<WireAnswer> {
  const chunks: Buffer[] = []
  socket.on('data', (bytes) => chunks.push(bytes))
  await new Promise((resolve) => socket.on('close', resolve))
  return readAnswer(Buffer.concat(chunks).toString('latin1'))
}

function readAnswer(text: string): WireAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const raw = text.slice(end + 4)
  const valueOf = (name: string) => headers.find(([known]) => known === name)?.[1]
  const announced = valueOf('content-length')
  const status = Number(first.split(' ')[1])
  if (valueOf('transfer-encoding') === 'chunked') {
    return { status, headers, body: dechunk(raw), isWhole: raw.endsWith('0\r\n\r\n') }
  }
  return { status, headers, body: raw, isWhole: announced === undefined || Number(announced) === raw.length }
}

function dechunk(raw: string): string {
  let rest = raw
  let body = ''
  for (;;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (end === -1 || !(size > 0)) return body
    body += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 2 + size + 2)
  }
}

export function headerOf(answer: WireAnswer, name: string): string | undefined {
  return answer.headers.find(([known]) => known === name)?.[1]
}
