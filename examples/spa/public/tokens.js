/**
 * Holds the tokens of this tab.
 *
 * The access token lives in memory: a script that somebody smuggled in would find nothing in storage to carry
 * away. The refresh token lies in sessionStorage, which belongs to one tab and ends with it, because without it
 * every reload would be a sign-in; it is worth one use, and a second use ends the whole grant, so a thief and the
 * owner cannot both go on. localStorage would keep it after the tab and show it to all of them.
 */
export class Tokens {
  #config
  #access_token
  #refreshing

  constructor(config) {
    this.#config = config
  }

  get access_token() {
    return this.#access_token
  }

  get canRefresh() {
    return sessionStorage.getItem('refresh_token') !== null
  }

  keep({ access_token, refresh_token }) {
    this.#access_token = access_token
    if (refresh_token !== undefined) sessionStorage.setItem('refresh_token', refresh_token)
  }

  forget() {
    this.#access_token = undefined
    sessionStorage.removeItem('refresh_token')
  }

  /** Step 5: a new access token. Calls that run into its end together share one refresh. */
  async refresh() {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** Only a refusal ends the sign-in. A network that failed leaves the token for another try. */
  async #refreshOnce() {
    if (!this.canRefresh) return false
    const response = await this.#post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: sessionStorage.getItem('refresh_token'),
    })
    if (response.ok) this.keep(await response.json())
    else if (response.status === 400 || response.status === 401) this.forget()
    return response.ok
  }

  /** Sign-out: the refresh token is revoked, and with it everything that came from the same sign-in (RFC 7009). */
  async revoke() {
    const token = sessionStorage.getItem('refresh_token')
    this.forget()
    if (token !== null) await this.#post('/oauth/revoke', { token })
  }

  async #post(path, parameters) {
    return fetch(new URL(path, this.#config.issuer), {
      method: 'POST',
      body: new URLSearchParams({ ...parameters, client_id: this.#config.client_id }),
    })
  }
}
