import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

/** What a person reads when the request cannot even be answered to its client. */
export const unverifiedWords = {
  client_id_missing: {
    en: {
      title: 'This link is incomplete',
      message: 'It does not say which application sent you here: the parameter client_id is missing.',
    },
    de: {
      title: 'Dieser Link ist unvollständig',
      message: 'Er nennt nicht die Anwendung, von der Sie kommen: Der Parameter client_id fehlt.',
    },
  },
  client_unknown: {
    en: {
      title: 'This application is not known here',
      message: 'The link names an application that is not registered. Nothing was sent to it.',
    },
    de: {
      title: 'Diese Anwendung ist hier nicht bekannt',
      message:
        'Der Link nennt eine Anwendung, die nicht registriert ist. Es wurde nichts an sie übermittelt.',
    },
  },
  redirect_uri_missing: {
    en: {
      title: 'This link is incomplete',
      message: 'It does not say where to return to: the parameter redirect_uri is missing.',
    },
    de: {
      title: 'Dieser Link ist unvollständig',
      message: 'Er nennt nicht die Adresse für den Rückweg: Der Parameter redirect_uri fehlt.',
    },
  },
  redirect_uri_unregistered: {
    en: {
      title: 'This link leads to the wrong place',
      message: 'The application has not registered the address to return to, so you were not sent there.',
    },
    de: {
      title: 'Dieser Link führt an die falsche Stelle',
      message:
        'Die Adresse für den Rückweg ist für diese Anwendung nicht registriert. Sie wurden deshalb nicht dorthin geleitet.',
    },
  },
} as const satisfies Record<string, InEachLocale<RefusalWords>>

/** A form becomes a URL, and one that browsers and servers cut off somewhere would ask for something else. */
export const tooLongWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This link cannot be used',
    message: 'The application asked for more than fits into a link. Please tell its makers.',
  },
  de: {
    title: 'Dieser Link ist nicht verwendbar',
    message:
      'Die Anwendung fragt nach mehr, als in einen Link passt. Bitte teilen Sie das dem Anbieter der Anwendung mit.',
  },
}

/** The request is in a request object or was pushed, and could not be read, so nobody knows where its answer would go. */
export const unreadableRequestWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This link is no longer valid',
    message: 'The request of the application has expired or cannot be read. Please go back and start again.',
  },
  de: {
    title: 'Dieser Link ist nicht mehr gültig',
    message:
      'Die Anfrage der Anwendung ist abgelaufen oder nicht lesbar. Bitte gehen Sie zurück und beginnen Sie noch einmal.',
  },
}
