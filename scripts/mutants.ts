import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import * as z from 'zod'

import { assert } from '../src/platform/assert.ts'
import type { Mutant } from '../test/mutants/mutant.ts'
import { root } from './root.ts'

const MUTANTS = join(root, 'test/mutants')
const AT_ONCE = 2
const timeoutMs = 120_000

/** Everything that a test run reads. The copy is what is broken, never the work tree. */
const COPIED = [
  'src',
  'test',
  'scripts',
  'migrations',
  'policies',
  'public',
  'examples',
  'package.json',
  'tsconfig.json',
  'tsconfig.node.json',
  'vitest.config.ts',
  'wrangler.toml',
]

const reportShape = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) }),
  ),
})

const text = z.string().min(1)
const moduleShape = z.object({
  mutants: z.array(z.object({ attack: text, test: text, file: text, original: text, mutated: z.string() })),
})

type Verdict = 'caught' | 'survived' | 'attack not found' | 'no report'

/**
 * `npm run mutants [area…]`: takes away one check at a time and runs the attack that it stops. An attack that still
 * passes proves nothing, and is named.
 */
async function runMutants(areas: readonly string[]): Promise<number> {
  const all = await readMutants(areas)
  const verdicts = new Map<Mutant, Verdict>()
  const waiting = [...all]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const copy = await copyOfRepository()
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const verdict = await judge(mutant, copy)
        verdicts.set(mutant, verdict)
        console.log(`${verdict.padEnd(16)} ${mutant.file}: ${mutant.attack}`)
      }
      await rm(copy, { recursive: true })
    }),
  )
  const caught = all.filter((mutant) => verdicts.get(mutant) === 'caught').length
  console.log(`${caught} of ${all.length} mutants caught`)
  return caught === all.length && all.length > 0 ? 0 : 1
}

/** The mutants of the named areas, or of all: each file of `test/mutants` but the type is an area. */
export async function readMutants(areas: readonly string[]): Promise<readonly Mutant[]> {
  const files = (await readdir(MUTANTS)).filter((name) => name !== 'mutant.ts')
  const wanted = files.filter((name) => areas.length === 0 || areas.includes(name.replace(/\.ts$/, '')))
  const modules = await Promise.all(
    wanted.map(async (name) => moduleShape.parse(await import(join(MUTANTS, name)))),
  )
  return modules.flatMap(({ mutants }) => mutants)
}

async function copyOfRepository(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'gatewright-mutants-'))
  await Promise.all(COPIED.map((name) => cp(join(root, name), join(copy, name), { recursive: true })))
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

async function judge(mutant: Mutant, copy: string): Promise<Verdict> {
  const path = join(copy, mutant.file)
  const text = await readFile(path, 'utf8')
  assert(text.split(mutant.original).length === 2, `${mutant.file} holds once: ${mutant.original}`)
  await writeFile(
    path,
    text.replace(mutant.original, () => mutant.mutated),
  )
  const report = await runAttack(mutant, copy)
  await writeFile(path, text)
  if (report === undefined) return 'no report'
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const own = results.filter(({ title, status }) => title === mutant.attack && status !== 'skipped')
  if (own.length === 0) return 'attack not found'
  return own.some(({ status }) => status === 'failed') ? 'caught' : 'survived'
}

async function runAttack({ attack, test }: Mutant, copy: string) {
  const output = join(copy, 'report.json')
  await rm(output, { force: true })
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const pattern = attack.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
  const options = [
    '--project',
    'worker',
    test,
    '-t',
    pattern,
    '--reporter=json',
    `--outputFile.json=${output}`,
  ]
  const child = spawn(process.execPath, [vitest, 'run', ...options], {
    cwd: copy,
    stdio: 'ignore',
    timeout: timeoutMs,
  })
  await once(child, 'exit')
  const text = await readFile(output, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : reportShape.parse(JSON.parse(text))
}

if (process.argv[1] === import.meta.filename) process.exitCode = await runMutants(process.argv.slice(2))
