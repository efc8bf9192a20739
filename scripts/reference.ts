import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import { describeRefusals } from '../src/http/refusal.ts'
import { operations } from '../src/operations.ts'
import { describeSettings } from '../src/settings.ts'
import { generatedNote, table } from './markdown.ts'
import { root } from './root.ts'

const begin = '<!-- configuration: generated from src/settings.ts by `npm run generate` -->'
const end = '<!-- /configuration -->'

/** The README with the table of settings as they are now, between its two marks. */
export async function readmeWithConfiguration(): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8')
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  assert(from >= 0 && to > from, 'the README has both marks of its configuration table')
  return `${text.slice(0, from)}${begin}\n\n${configurationTable()}\n${text.slice(to)}`
}

export async function configurationReference(): Promise<string> {
  const intro =
    'Variables go into `[vars]` of `wrangler.toml`, secrets through `npx wrangler secret put NAME`.'
  return `${generatedNote}\n\n# Configuration\n\n${intro}\n\n${configurationTable()}`
}

export async function refusalReference(): Promise<string> {
  const rows = describeRefusals().map(({ code, status, message }) => [`\`${code}\``, String(status), message])
  const intro =
    'The gateway and management doors answer `{"error":{"code","message","details"}}`; `details.request_id` is always\n' +
    'there. With `Accept: application/problem+json` the same comes as a problem document (RFC 9457).'
  return `${generatedNote}\n\n# Error codes\n\n${intro}\n\n${table(['Code', 'Status', 'Message'], rows)}`
}

export async function operationReference(): Promise<string> {
  const rows = operations.map(({ method, path, summary, access, replies, refusals }) => [
    `\`${method} ${path}\``,
    summary,
    access.kind === 'bearer' && access.scope !== undefined
      ? `bearer, scope \`${access.scope}\``
      : access.kind,
    [...Object.keys(replies), ...Object.keys(refusals)].join(' '),
  ])
  const intro = 'Schemas of every part are in `/openapi.json`, which is made from the same declarations.'
  return `${generatedNote}\n\n# Operations\n\n${intro}\n\n${table(['Operation', 'Does', 'For', 'Statuses'], rows)}`
}

function configurationTable(): string {
  const rows = describeSettings().map(({ name, description, fallback }) => [
    `\`${name}\``,
    `\`${fallback}\``,
    description,
  ])
  return table(['Name', 'Default', 'Meaning'], rows)
}
