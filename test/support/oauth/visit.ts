import { actionOf, hiddenFields } from '../people/form.ts'
import type { Answer, Fields, Send } from './answer.ts'

/** A browser: it keeps cookies, follows redirects within the deployment and fills in forms. */
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

  /** Goes on until a page is shown or the answer leads away. */
  async function follow(answer: Answer): Promise<Answer> {
    const path = answer.headers.get('location') ?? ''
    return path.startsWith('/') ? open(path) : answer
  }

  async function open(path: string): Promise<Answer> {
    return follow(await request(path, {}))
  }

  async function submit(page: Answer, fields: Fields): Promise<Answer> {
    const form = { html: page.text }
    const body = new URLSearchParams({ ...hiddenFields(form), ...fields })
    return follow(await request(actionOf(form), { method: 'POST', body }))
  }
  return {
    open,
    submit,
    /** Puts a cookie in the browser's jar. */
    keep: (name: string, value: string) => void cookies.set(name, value),
  }
}
