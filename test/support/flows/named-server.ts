import { newVisit } from '../oauth/visit.ts'
import { startTestServer } from '../server.ts'
import { travel, travelToForm } from './application.ts'
import { newSender } from './sender.ts'

/**
 * A server with an https name, as a deployment has one.
 *
 * Strict libraries refuse plain http, and to allow it would be to loosen a check. So they are given the name, and their
 * requests are carried to the loopback socket: where a request goes is changed, and nothing of it or of its answer.
 */
export async function startNamedServer(issuer: string) {
  const server = await startTestServer({ ISSUER: issuer })
  const send = newSender(server.url)
  const { user } = server.demo
  return {
    ...server,
    send,
    carry: async (url: string, init?: RequestInit): Promise<Response> =>
      fetch(url.replace(issuer, server.url), init),
    /** Where the browser of the demo's person arrives at the client. */
    arriveAtClient: async ({ pathname, search }: URL): Promise<URL> =>
      (await travel(newVisit(send), `${pathname}${search}`, user)).location,
    /** What the browser of the demo's person sends to the client, where the answer comes in a form. */
    postToClient: async ({ pathname, search }: URL): Promise<Request> =>
      travelToForm(newVisit(send), `${pathname}${search}`, user),
  }
}

export type NamedServer = Awaited<ReturnType<typeof startNamedServer>>
