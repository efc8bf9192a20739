import { basename } from 'node:path'

import { describe, expect, test } from 'vitest'

import { sourceFiles } from './source-files.ts'

const linesMax = 300

/** Words that a name uses when it does not yet know what it is. */
const vagueFiles = /^(?:index|utils?|helpers?|common|misc|shared|constants|types|interfaces)$/
const vagueWords = /(?:^|-)(?:manager|service|helper|util|wrapper|impl|info)s?$/
const vagueSuffix = /(?:Manager|Service|Helper|Utils?|Wrapper|Impl|Data|Info)$/
const vagueVerb = /^(?:handle|process|manage|do)(?:[A-Z]|$)/
const abbreviation =
  /^(?:req|res|ctx|cfg|config|msg|err|str|num|tmp|idx|arr|obj|fn|cb|opts|val|ret|evt|btn|el)$/

const declaration = /\b(?:function\*?|class|interface|type|const|let|enum)\s+([A-Za-z_$][\w$]*)/g

const files = sourceFiles('{src,scripts,test,bench,examples}/**/*.{ts,tsx,mjs}', 'vitest.config.ts')

describe('a file', () => {
  test('is named by a noun that says what is in it', () => {
    const isVague = (path: string) => {
      const name = basename(path).split('.')[0] ?? ''
      return vagueFiles.test(name) || (path.startsWith('src/') && vagueWords.test(name))
    }
    expect(files.filter(({ path }) => isVague(path)).map(({ path }) => path)).toEqual([])
  })

  test(`has at most ${linesMax} lines`, () => {
    const lengths = files.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    const long = lengths.filter(({ lines }) => lines > linesMax)
    expect(long.map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([])
  })
})

describe('a declared name', () => {
  test('ends in no word that would fit anything', () => {
    expect(declared((name) => vagueSuffix.test(name))).toEqual([])
  })

  test('begins with no verb that would fit anything', () => {
    expect(declared((name) => vagueVerb.test(name))).toEqual([])
  })

  test('is written out', () => {
    expect(declared((name) => abbreviation.test(name))).toEqual([])
  })
})

function declared(isWrong: (name: string) => boolean): readonly string[] {
  const ours = files.filter(({ path }) => path.startsWith('src/') && path !== 'src/env.d.ts')
  return ours.flatMap(({ path, text }) =>
    Array.from(withoutComments(text).matchAll(declaration), ([, name = '']) => name)
      .filter(isWrong)
      .map((name) => `${path} declares ${name}`),
  )
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
