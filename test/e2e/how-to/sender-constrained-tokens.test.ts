import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { root } from '../../../scripts/root.ts'
import { assert } from '../../../src/platform/assert.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const run = promisify(execFile)

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

/** What people copy has to work as it stands. */
test('the program in docs/how-to/sender-constrained-tokens.md runs as it is written', async () => {
  const page = await readFile(join(root, 'docs/how-to/sender-constrained-tokens.md'), 'utf8')
  const [, program] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  assert(program !== undefined, 'the page has a program')
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    env: { ...process.env, ISSUER: server.url, CLIENT_SECRET: server.demo.service.client_secret },
  })
  expect(stdout.trim()).toBe('dpop 200 401')
})
