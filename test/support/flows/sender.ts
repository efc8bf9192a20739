import { toAnswer, type Fields, type Send } from '../oauth/answer.ts'

/** A server that does not answer has failed its test; this is far above what a busy machine needs. */
const answerTimeoutMs = 25_000

/** Sends requests to a server over loopback, and follows nothing by itself. */
export function newSender(url: string): Send {
  return async (path, init = {}) => {
    const signal = AbortSignal.timeout(answerTimeoutMs)
    return toAnswer(await fetch(new URL(path, url), { ...init, redirect: 'manual', signal }), url)
  }
}

export function bearer(token: unknown): { readonly headers: { readonly authorization: string } } {
  return { headers: { authorization: `Bearer ${String(token)}` } }
}

/** A form, as OAuth endpoints and pages take it. */
export function form(fields: Fields) {
  return { method: 'POST', body: new URLSearchParams(fields) } as const
}

export function json(value: unknown, headers: Fields = {}) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  } as const
}
