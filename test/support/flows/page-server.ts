import { createServer } from 'node:http'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'

import { assert } from '../../../src/platform/assert.ts'

export interface Listening {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** An application of somebody else's, on a free loopback port. */
export async function listen(application: RequestListener): Promise<Listening> {
  const server = createServer(application)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  assert(typeof address === 'object' && address !== null, 'the application has a port')
  return {
    origin: `http://localhost:${address.port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
