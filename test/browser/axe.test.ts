import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { launchBrowser } from '../support/browser.ts'
import { pageStates } from '../support/people/page-states.ts'
import { addResident } from '../support/people/resident.ts'
import { LOGO } from '../support/people/states/application.ts'
import { addProviders, providerStates } from '../support/people/states/provider-states.ts'
import type { PageState } from '../support/people/states/stage.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] as const
const OPTIONS = { runOnly: TAGS, resultTypes: ['violations'], iframes: false } as const
const LOGO_IMAGE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
const LANGUAGES = ['en', 'de'] as const

const Findings = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
})

const Sizes = z.object({ scrollWidth: z.number(), clientWidth: z.number() })

let server: TestServer
let browser: Browser

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startTestServer(), launchBrowser()])
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

/** A new browser of somebody who reads a language. */
async function openBrowser(locale: string): Promise<BrowserContext> {
  const context = await browser.newContext({ locale, reducedMotion: 'reduce' })
  await context.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO_IMAGE }))
  return context
}

/** Notes what the browser complains about: violations of a page's own policy, above all. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A page of ours that refuses comes with its status, and Chromium notes that as a resource that failed to load.
    const isStatus = message.text().includes('responded with a status of 4')
    if (!isStatus || message.location().url !== page.url()) complaints.push(message.text())
  })
  return complaints
}

/** What axe-core finds, as lines that name the rule and the element. */
async function findings(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(`axe.run(${JSON.stringify(OPTIONS)})`)
  return Findings.parse(found).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  )
}

async function scrollsSideways(page: Page): Promise<boolean> {
  const { scrollWidth, clientWidth } = Sizes.parse(
    await page.evaluate(
      '({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth })',
    ),
  )
  return scrollWidth > clientWidth
}

/** WCAG 2.2, 1.4.4 and 1.4.10 as well: text of twice the size loses nothing and asks nobody to scroll sideways. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  const faults: string[] = []
  await page.evaluate(axe.source)
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    if (await scrollsSideways(page)) faults.push(`${width}: scrolls sideways`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      faults.push(...(await findings(page)).map((line) => `${colorScheme}, ${width}: ${line}`))
    }
  }
  await page.setViewportSize({ width: 480, height: 800 })
  await page.evaluate("document.documentElement.style.fontSize = '200%'")
  if (await scrollsSideways(page)) faults.push('text of twice the size scrolls sideways')
  return faults
}

async function look({ show }: PageState, locale: string): Promise<void> {
  const context = await openBrowser(locale)
  try {
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await show({ page, server, resident: await addResident(server) })
    expect(await page.locator('html').getAttribute('lang')).toBe(locale)
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    await context.close()
  }
}

describe.concurrent.each(LANGUAGES)('in the language %s', (locale) => {
  test.each(pageStates)('$name has nothing that keeps anybody out', (state) => look(state, locale))
})

/** Last, because other pages look different where there are providers. */
describe('where other providers are known', () => {
  beforeAll(() => addProviders(server))

  describe.concurrent.each(LANGUAGES)('in the language %s', (locale) => {
    test.each(providerStates)('$name has nothing that keeps anybody out', (state) => look(state, locale))
  })
})
