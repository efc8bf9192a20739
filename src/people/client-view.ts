import type { Client } from '../clients/client.ts'

/**
 * What a page shows of a client. All of it is the client's own claim: registration has seen to it that it holds
 * no control characters and that links are https, and nobody has seen to it that it is true.
 */
export interface ClientView {
  readonly name: string
  readonly policy_uri: string | undefined
  readonly tos_uri: string | undefined
}

export function viewClient({ client_id, metadata }: Pick<Client, 'client_id' | 'metadata'>): ClientView {
  const { client_name, policy_uri, tos_uri } = metadata
  return { name: client_name ?? client_id, policy_uri, tos_uri }
}
