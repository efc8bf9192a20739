import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'
import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { startTestServer, type TestServer } from '../server.ts'

/**
 * Starts a server that publishes this catalogue beside nothing else.
 *
 * It is written before the first request, so that no test has to wait for the isolate to hear of it.
 */
export async function startPublished(document: object): Promise<TestServer> {
  const server = await startTestServer()
  const catalog = catalogStore(openDb(server.database))
  const { version } = await catalog.newest()
  const replaced = await catalog.replace(version, CatalogDocument.parse(document), Date.now())
  assert(replaced.ok, 'the catalogue of a test is published')
  return server
}
