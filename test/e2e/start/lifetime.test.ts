import { createServer } from 'node:net'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { root } from '../../../scripts/root.ts'
import { ServerProcess } from '../../support/process.ts'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
})

afterAll(() => server.close())

describe('npm start', () => {
  test('tells what to try, and keeps its secrets from other users of the machine', async () => {
    expect(server.output.match(/curl /g)).toHaveLength(3)
    for (const name of ['secrets.json', 'demo.json']) {
      expect((await stat(join(server.stateDir, name))).mode & 0o777).toBe(0o600)
    }
  })

  test('killed outright leaves its port and its state free, and comes back with the same credentials', async () => {
    const before = await server.demo()
    await server.end('SIGKILL')
    await server.restart()
    expect(await server.demo()).toEqual(before)
  })

  test('stopped leaves nothing that answers', async () => {
    await server.end('SIGINT')
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    expect(server.output).toMatch(/stopped\n$/)
    await server.restart()
  })

  test('refuses a state directory that another process holds, and names it', async () => {
    expect(await startWith('--port', '1', '--state', server.stateDir)).toEqual({
      code: 1,
      errors: `${server.stateDir} is in use by process ${server.pid}; stop that one, or give another directory with --state.\n`,
    })
  })

  test('refuses a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String(portOf(other.address()))
    const { code, errors } = await startWith('--port', port, '--state', `${server.stateDir}/another`)
    other.close()
    expect(code).toBe(1)
    expect(errors).toMatch(new RegExp(`^Port ${port} cannot be used .*; give another with --port\\.\\n$`))
  })

  test.each([
    ['a port that is none', ['--port', 'eighty'], '--port takes a number from 1 to 65535.'],
    ['port 0', ['--port', '0'], '--port takes a number from 1 to 65535.'],
    ['a misspelt option', ['--fres'], "Unknown option '--fres'."],
    ['something that is no option', ['now'], "Unexpected argument 'now'."],
    ['an empty directory name', ['--state', ''], '--state takes a directory.'],
  ])('refuses %s with one sentence', async (_case, options, sentence) => {
    expect(await startWith(...options)).toEqual({
      code: 1,
      errors: `${sentence} Usage: npm start -- --port N --state DIR --fresh\n`,
    })
  })

  test.each(['/proc/gatewright', '/proc/no/such/folder', '/dev/null/state', '/dev/null'])(
    'refuses the directory %s, which cannot be written',
    async (path) => {
      const { code, errors } = await startWith('--state', path)
      expect(code).toBe(1)
      expect(errors).toMatch(/^\/\S+ cannot be used as state directory: .*\.\n$/)
    },
  )
})

async function startWith(...options: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts'), ...options], { cwd: root })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  await once(child, 'close')
  return { code: child.exitCode, errors }
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}
