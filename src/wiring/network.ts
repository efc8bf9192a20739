/** The platform's `fetch` refuses to be called as a method of anything else. */
export function fetchOverNetwork(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init)
}
