import type { Locale } from '../../http/locale.ts'
import { scopeInWords } from './scope-words.ts'

/** What somebody is asked to allow. */
export interface Asked {
  readonly scopes: readonly string[]
  /** The services that it is to be allowed at, where any were named (RFC 8707 §2). */
  readonly resources: readonly string[]
}

/** What a client wants to do, and where; the same list wherever a person decides. */
export function AskedList(props: {
  readonly asked: Asked
  readonly locale: Locale
  readonly words: { readonly asksTo: string; readonly at: string }
}) {
  const { asked, locale, words } = props
  return (
    <>
      <p>{words.asksTo}</p>
      <ul class="scopes">
        {asked.scopes.map((scope) => (
          <li>{scopeInWords(scope, locale)}</li>
        ))}
      </ul>
      {asked.resources.length > 0 && (
        <>
          <p>{words.at}</p>
          <ul class="entries">
            {asked.resources.map((resource) => (
              <li>
                <bdi>{resource}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
