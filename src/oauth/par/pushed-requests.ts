import { mintHandle, readHandle } from '../../grants/one-time-handle.ts'
import { placeOf, type OneTimeVault } from '../../grants/one-time-vault.ts'
import { sha256 } from '../../platform/digest.ts'
import type { Random } from '../../platform/random.ts'
import { Secret } from '../../platform/secret.ts'
import { PUSHED_PREFIX, type PushedParameters } from '../authorize/effective-parameters.ts'

export interface PushedRequestPorts {
  readonly oneTime: Pick<OneTimeVault, 'pushRequest' | 'openRequest' | 'spendRequest'>
  readonly oneTimeMac: Uint8Array
  readonly random: Random
}

/**
 * The requests that clients have pushed, by their `request_uri`.
 *
 * The handle in it is 256 random bits under a MAC: RFC 9126 §7.1 asks that nobody guess one, and a forged one is no more
 * than a wrong text. It leads to its object by itself; whose request it is stands there.
 */
export function createPushedRequests({ oneTime, oneTimeMac, random }: PushedRequestPorts) {
  const read = (request_uri: string) =>
    request_uri.startsWith(PUSHED_PREFIX)
      ? readHandle('pushed_request', new Secret(request_uri.slice(PUSHED_PREFIX.length)), oneTimeMac)
      : undefined
  return {
    async push(client_id: string, pushed: PushedParameters): Promise<string> {
      const place = placeOf(client_id)
      const name = mintHandle('pushed_request', place, oneTimeMac, random).reveal()
      await oneTime.pushRequest(place, { ...pushed, client_id, digest: sha256(name) })
      return `${PUSHED_PREFIX}${name}`
    },

    /** Finds a client's own request, as often as its person's browser comes by with it. */
    async find(request_uri: string, client_id: string): Promise<PushedParameters | undefined> {
      const found = read(request_uri)
      if (found === undefined) return undefined
      return oneTime.openRequest(found.place, { digest: found.digest, client_id })
    },

    /** True once: then a code may be issued. */
    async spend(request_uri: string, client_id: string): Promise<boolean> {
      const found = read(request_uri)
      if (found === undefined) return false
      return oneTime.spendRequest(found.place, { digest: found.digest, client_id })
    },
  }
}
