export type Fields = Readonly<Record<string, string>>

/** An answer, with a JSON body parsed. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
  /** Where a redirect leads; from the issuer, where it says no host. */
  readonly location: URL
}

/** Sends a request to a deployment and follows nothing by itself. */
export type Send = (path: string, init?: RequestInit) => Promise<Answer>

export async function toAnswer(response: Response, issuer: string): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const { status, headers } = response
  return {
    status,
    headers,
    text,
    body: isJson ? JSON.parse(text) : {},
    location: new URL(headers.get('location') ?? '', issuer),
  }
}
