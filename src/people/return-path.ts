const AUTHORIZE = '/oauth/authorize?'

/** The query of the authorization request that a return path leads back to, if it leads to one. */
export function authorizationQuery(returnPath: string): string | undefined {
  return returnPath.startsWith(AUTHORIZE) ? returnPath.slice(AUTHORIZE.length) : undefined
}

/** Where a sign-in goes on that waits for a second factor. */
export function secondFactorPath(returnPath: string): string {
  return `/sign-in/second-factor?${new URLSearchParams({ continue: returnPath }).toString()}`
}

/** The page of signing in with a passkey alone. */
export function passkeySignInPath(returnPath: string): string {
  return `/sign-in/passkey?${new URLSearchParams({ continue: returnPath }).toString()}`
}

/** The sign-in page that leads back to a path. */
export function signInPath(returnPath: string): string {
  return `/sign-in?${new URLSearchParams({ continue: returnPath }).toString()}`
}

export function signUpPath(returnPath: string): string {
  return `/sign-up?${new URLSearchParams({ continue: returnPath }).toString()}`
}

/** Where a sign-in through another provider begins that leads back to a path. */
export function providerLoginPath(provider_id: string, returnPath: string): string {
  return `/sign-in/provider/${provider_id}?${new URLSearchParams({ continue: returnPath }).toString()}`
}
