import type { Child } from 'hono/jsx'

import { documentPage } from '../http/document.page.tsx'
import { SignOutButton } from './sign-out.page.tsx'

export interface AccountView {
  readonly form_token: string
  readonly name: string | undefined
  readonly email: string
  /** Epoch seconds. */
  readonly auth_time: number
}

export function accountPage(view: AccountView): Response {
  const since = new Date(view.auth_time * 1000).toISOString()
  return documentPage(
    { locale: 'en', status: 200, title: 'Your account' },
    <>
      <h1>Your account</h1>
      <dl class="facts">
        {view.name !== undefined && <Fact term="Name" value={view.name} />}
        <Fact term="E-mail address" value={view.email} />
        <Fact
          term="Signed in since"
          value={<time datetime={since}>{`${since.slice(0, 10)}, ${since.slice(11, 16)} UTC`}</time>}
        />
      </dl>
      <SignOutButton form_token={view.form_token} />
    </>,
  )
}

function Fact({ term, value }: { readonly term: string; readonly value: Child }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}
