import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { openWorkplace, runSetup, type Workplace } from '../../support/setup/setup.ts'

const issuerRule =
  '--issuer must be an https origin without a path, query or trailing slash (http on loopback only).'

let workplace: Workplace

beforeEach(async () => {
  workplace = await openWorkplace()
})

afterEach(() => workplace.remove())

describe('npm run setup refuses, with one sentence and nothing written,', () => {
  test.each([
    ['a path', 'https://auth.example.com/login'],
    ['a trailing slash', 'https://auth.example.com/'],
    ['a query', 'https://auth.example.com?a=b'],
    ['credentials', 'https://user:password@auth.example.com'],
    ['capitals', 'https://Auth.Example.com'],
    ['http beyond loopback', 'http://auth.example.com'],
    ['another scheme', 'ftp://auth.example.com'],
    ['no scheme', 'auth.example.com'],
    ['nothing', ''],
  ])('an issuer with %s', async (_case, issuer) => {
    expect(await refused('--issuer', issuer, '--local', '--state', workplace.stateDir)).toBe(issuerRule)
  })

  test('an issuer on loopback for an account', async () => {
    expect(await refused('--issuer', 'http://localhost:8787')).toBe(
      '--issuer must be an https origin: http on loopback is for --local.',
    )
  })

  test.each([
    [['--issuer', 'https://auth.example.com', '--local'], '--local and --state DIR go together.'],
    [['--issuer', 'https://auth.example.com', '--state', 'x'], '--local and --state DIR go together.'],
    [['--issuer', 'https://auth.example.com', '--local', '--state', ''], '--state takes a directory.'],
    [[], '--issuer is missing.'],
    [['--isuer', 'https://auth.example.com'], "Unknown option '--isuer'."],
  ])('the options %j', async (options, sentence) => {
    expect(await refused(...options)).toBe(sentence)
  })

  test('a wrangler.toml without the line, since no other place for it is known', async () => {
    const text = (await workplace.configText()).replace(/^ISSUER = .*$/m, '')
    await writeFile(workplace.config, text)
    const run = await runSetup(['--issuer', 'https://auth.example.com', '--config', workplace.config])
    expect(run).toEqual({
      code: 1,
      output: '',
      errors: `${workplace.config} has no line ISSUER in [vars]; add ISSUER = "" there.\n`,
    })
    expect(await workplace.configText()).toBe(text)
  })

  test('a wrangler.toml that is not there', async () => {
    const run = await runSetup([
      '--issuer',
      'https://auth.example.com',
      '--config',
      `${workplace.config}.bak`,
    ])
    expect(run.code).toBe(1)
    expect(run.errors).toContain(`${workplace.config}.bak cannot be used`)
  })
})

describe('npm run setup --dry-run', () => {
  test('prints the commands with the place of the secret and no secret, and does nothing', async () => {
    const before = await workplace.configText()
    const run = await runSetup([
      '--issuer',
      'https://auth.example.com',
      '--config',
      workplace.config,
      '--dry-run',
    ])
    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(run.output).toContain(`npx wrangler d1 migrations apply DB --remote --config ${workplace.config}`)
    expect(run.output).toMatch(
      /npx wrangler secret put GATEWRIGHT_SECRET --config \S+ {3}# unless it is listed/,
    )
    expect(await workplace.configText()).toBe(before)
  })

  test('makes no state directory', async () => {
    const place = ['--local', '--state', workplace.stateDir, '--dry-run']
    const run = await runSetup(['--issuer', 'http://localhost:8787', '--config', workplace.config, ...place])
    expect(run.output).toContain(`--local --persist-to ${workplace.stateDir}`)
    expect(existsSync(workplace.stateDir)).toBe(false)
  })
})

/** The sentence before the usage, once it is clear that nothing was printed or written beside it. */
async function refused(...options: readonly string[]): Promise<string> {
  const before = await workplace.configText()
  const run = await runSetup([...options, '--config', workplace.config])
  expect(run).toMatchObject({ code: 1, output: '' })
  expect(await workplace.configText()).toBe(before)
  expect(existsSync(workplace.stateDir)).toBe(false)
  return run.errors.split(' Usage: ')[0] ?? ''
}
