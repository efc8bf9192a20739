import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

/** For every reason the same page: which check a link failed is of no use to the person who followed it. */
export const logoutRefusedWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This sign-out link is not valid',
    message:
      'It does not come from an application that you signed in to, or leads to a place that the application has not registered. You are still signed in; you can sign out on your account page.',
  },
  de: {
    title: 'Dieser Abmelde-Link ist nicht gültig',
    message:
      'Er stammt von keiner Anwendung, bei der Sie angemeldet sind, oder führt an einen Ort, den die Anwendung nicht angegeben hat. Sie sind weiterhin angemeldet; abmelden können Sie sich auf Ihrer Kontoseite.',
  },
}
