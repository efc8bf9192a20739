import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'

/** One request to be repeated. `next` is asked each time, since a refresh token works once. */
export interface Call {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a caller does over and over: makes its next call, and takes the answer in. */
export interface Caller {
  next(): Call
  took(status: number, body: string): void
}

export interface Measured {
  readonly cpuMicroseconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSecond: number
}

const ticksPerSecond = 100

/** Lets every caller make its share of requests, one after the other, and accounts the runtime's CPU to them. */
export async function measure(
  callers: readonly Caller[],
  requestsEach: number,
  runtimePid: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers.length })
  const latenciesMs: number[] = []
  const cpuBefore = await cpuSeconds(runtimePid)
  const startedMs = performance.now()
  await Promise.all(
    callers.map(async (caller) => {
      for (let made = 0; made < requestsEach; made += 1) {
        const sentMs = performance.now()
        const answer = await send(caller.next(), agent)
        latenciesMs.push(performance.now() - sentMs)
        caller.took(answer.status, answer.body)
      }
    }),
  )
  const seconds = (performance.now() - startedMs) / 1000
  const cpu = (await cpuSeconds(runtimePid)) - cpuBefore
  agent.destroy()
  latenciesMs.sort((a, b) => a - b)
  return {
    cpuMicroseconds: (cpu / latenciesMs.length) * 1e6,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    perSecond: latenciesMs.length / seconds,
  }
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

async function send(call: Call, agent: Agent): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const { method, headers, body } = call
  const sent = request(call.url, { method, headers, agent }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('end', () =>
      resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
    )
    answer.on('error', reject)
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** User and system time of a process, from the fields after its name (which may hold spaces) in `/proc`. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
