import { actionOf, hiddenFields } from '../people/browser.ts'
import type { Answer, Fields, newIsolate } from './world.ts'

type Send = ReturnType<typeof newIsolate>['send']

/** A browser over one isolate of a world: it keeps cookies, follows our own redirects and fills in forms. */
export function newVisit(send: Send) {
  const cookies = new Map<string, string>()

  async function request(path: string, init: RequestInit): Promise<Answer> {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(path, { ...init, headers: { ...init.headers, cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      if (line.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  /** Goes on until a page is shown or the answer leads away from this server. */
  async function follow(answer: Answer): Promise<Answer> {
    const path = answer.headers.get('location') ?? ''
    return path.startsWith('/') ? open(path) : answer
  }

  async function open(path: string): Promise<Answer> {
    return follow(await request(path, {}))
  }

  async function submit(page: Answer, fields: Fields): Promise<Answer> {
    const form = { ...page, html: page.text, location: null }
    const body = new URLSearchParams({ ...hiddenFields(form), ...fields })
    return follow(await request(actionOf(form), { method: 'POST', body }))
  }
  return { open, submit }
}
