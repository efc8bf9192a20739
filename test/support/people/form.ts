export type Fields = Readonly<Record<string, string>>

interface Html {
  readonly html: string
}

/** What a browser without script would send with the form of a page, whatever its person fills in. */
export function hiddenFields({ html }: Html): Fields {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries(Array.from(inputs, ([, name = '', value = '']) => [name, unescapeHtml(value)]))
}

export function actionOf({ html }: Html): string {
  return unescapeHtml(/<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '')
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
