import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

/** Where Debian's package puts it. A browser that a package manager brings needs no download of 180 MB by npm. */
export const chromiumPath = '/usr/bin/chromium'

export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
] as const

const installTimeoutMs = 300_000
const advice = `the browser tests need Chromium at ${chromiumPath}: install Debian's package "chromium"`

/** Installs Chromium where that is possible; answers a sentence when it is not. */
export function ensureChromium(): string | undefined {
  if (existsSync(chromiumPath)) return undefined
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return advice
  console.log('installing Chromium for the browser tests')
  for (const options of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = spawnSync('apt-get', options, { env, encoding: 'utf8', timeout: installTimeoutMs })
    if (apt.status !== 0) return `apt-get ${options[0]} failed (${lastLine(apt.stderr)}); ${advice}`
  }
  return existsSync(chromiumPath) ? undefined : advice
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
