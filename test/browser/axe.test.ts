import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { launchBrowser } from '../support/browser.ts'
import { LOGO, pageStates } from '../support/people/page-states.ts'
import { addResident } from '../support/people/resident.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] as const
const LOGO_IMAGE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'

const Findings = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
})

const Sizes = z.object({ scrollWidth: z.number(), clientWidth: z.number() })

let server: TestServer
let browser: Browser
let context: BrowserContext
let page: Page
/** What the browser complained about: violations of a page's own policy, above all. */
let complaints: string[]

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startTestServer({ SIGN_UP: 'open' }), launchBrowser()])
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

beforeEach(() => {
  complaints = []
})

afterEach(async () => {
  await context.close()
})

/** A new browser of somebody who reads a language. */
async function openBrowser(locale: string): Promise<void> {
  context = await browser.newContext({ locale, reducedMotion: 'reduce' })
  await context.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO_IMAGE }))
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  // A page of ours that refuses comes with its status, and Chromium notes that as a resource that failed to load.
  page.on('console', (message) => {
    if (message.location().url !== page.url()) complaints.push(message.text())
  })
}

/** What axe-core finds, as lines that name the rule and the element. */
async function findings(): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found: unknown = await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(TAGS)} })`)
  return Findings.parse(found).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  )
}

async function scrollsSideways(): Promise<boolean> {
  const { scrollWidth, clientWidth } = Sizes.parse(
    await page.evaluate(
      '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
    ),
  )
  return scrollWidth > clientWidth
}

describe.each(['en', 'de'])('in the language %s', (locale) => {
  /** WCAG 2.2, 1.4.4 and 1.4.10 as well: text of twice the size loses nothing and asks nobody to scroll sideways. */
  test.each(pageStates)('$name has nothing that keeps anybody out', async ({ show }) => {
    await openBrowser(locale)
    await show({ page, server, resident: await addResident(server) })
    expect(await page.locator('html').getAttribute('lang')).toBe(locale)
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [320, 1280]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        found.push(...(await findings()).map((line) => `${colorScheme}, ${width}: ${line}`))
        if (await scrollsSideways()) found.push(`${width}: scrolls sideways`)
      }
    }
    await page.setViewportSize({ width: 480, height: 800 })
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    if (await scrollsSideways()) found.push('text of twice the size scrolls sideways')
    expect(found).toEqual([])
    expect(complaints).toEqual([])
  })
})
