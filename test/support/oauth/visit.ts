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
    const body = new URLSearchParams({ ...hiddenFields(page.text), ...fields })
    return follow(await request(actionIn(page.text), { method: 'POST', body }))
  }
  return { open, submit }
}

function hiddenFields(html: string): Fields {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries(Array.from(inputs, ([, name = '', value = '']) => [name, unescapeHtml(value)]))
}

function actionIn(html: string): string {
  return unescapeHtml(/<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '')
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}
