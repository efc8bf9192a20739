import { existsSync } from 'node:fs'

import { chromium, type Browser } from 'playwright-core'

import { assert } from '../../src/platform/assert.ts'
import { browserFlags, chromiumPath } from '../../scripts/chromium.ts'

/** Debian's Chromium, without a sandbox (tests run as root) and without the traffic that it makes by itself. */
export async function launchBrowser(): Promise<Browser> {
  assert(existsSync(chromiumPath), `Chromium is at ${chromiumPath}; npm test installs it`)
  return chromium.launch({ executablePath: chromiumPath, args: [...browserFlags] })
}
