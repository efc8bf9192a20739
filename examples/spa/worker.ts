interface SpaEnv {
  readonly ISSUER: string
  readonly CLIENT_ID: string
  readonly ASSETS: { fetch(request: Request): Promise<Response> }
}

/** Serves the demo application. It has no secret and no server side: everything happens in the browser. */
export default {
  async fetch(request: Request, env: SpaEnv): Promise<Response> {
    const url = new URL(request.url)
    if (url.pathname === '/config.json') {
      return Response.json(
        { issuer: env.ISSUER, client_id: env.CLIENT_ID },
        { headers: { 'cache-control': 'no-store' } },
      )
    }
    // The redirect URI is the same page: its script sees the code in the address and takes it from there.
    if (url.pathname === '/callback') url.pathname = '/'
    return withPolicy(await env.ASSETS.fetch(new Request(url, request)), env.ISSUER)
  },
}

/**
 * A token in a page is worth what the page's scripts are worth, so no script but its own may run here, and none
 * may send anything anywhere but to the issuer. No referrer, because the address may hold a code.
 */
function withPolicy(asset: Response, issuer: string): Response {
  const answer = new Response(asset.body, asset)
  answer.headers.set(
    'content-security-policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${issuer}`,
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
  )
  answer.headers.set('referrer-policy', 'no-referrer')
  answer.headers.set('x-content-type-options', 'nosniff')
  return answer
}
