/** Step 4: a call with the access token. When it is refused, the token is refreshed and the call made once more. */
export async function call(url, tokens) {
  const first = await send(url, tokens)
  if (first.status !== 401 || !(await tokens.refresh())) return first
  return send(url, tokens)
}

async function send(url, tokens) {
  return fetch(url, { headers: { authorization: `Bearer ${tokens.access_token}` } })
}
