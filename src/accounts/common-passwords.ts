/**
 * Passwords that are tried first against everybody, as far as they are long enough to be taken at all.
 *
 * The list is short and kept here, because it stops the guesses that an attacker can afford online, where each address
 * has ten a minute. A list of millions would stop more, but weighs more than the rest of this program, and asking a
 * service about people's passwords is no better.
 *
 * @see NIST SP 800-63B §3.1.1.2 (a blocklist of common and expected values)
 */
const COMMON: ReadonlySet<string> = new Set(
  `00000000 0123456789 0987654321 1029384756 11111111 1111111111 112233445566 11223344 12121212 123123123 1234512345
   12341234 123454321 12345678 123456789 1234567890 12345678910 123456789a 1234567q 1234qwer 123qweasd 12qwaszx 147258369
   159357159 159753456 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 22222222 55555555 66666666 741852963
   77777777 789456123 87654321 88888888 963852741 987654321 9876543210 99999999 a1234567 a12345678 a123456789 aa123456
   aa12345678 abc12345 abc123456 abcd1234 abcd12345 abcdefgh access14 admin123 admin1234 administrator alexander asdf1234
   asdfasdf asdfghjk asdfghjkl babygirl baseball basketball butterfly changeme changeme123 charlie1 chocolate computer
   consumer danielle elephant facebook firebird football football1 gatewright geheim123 hallo123 hello123 helloworld
   iloveyou iloveyou1 iloveyou2 internet jennifer jonathan letmein1 letmein123 liverpool master123 metallica michael1
   michelle midnight minecraft mustang1 nicholas nintendo p@ssw0rd p@ssword pa55word passw0rd passwort passwort1 passwort123
   password password! password1 password12 password123 password1234 password2 pokemon1 princess princess1 q1w2e3r4
   q1w2e3r4t5 qazwsxedc qwer1234 qwerasdf qwert123 qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyui qwertyuiop qwertzui
   qwertzuiop rockyou1 samantha schalke04 secret123 sonnenschein spiderman starwars sunshine sunshine1 superman superman1
   test1234 testtest trustno1 victoria welcome1 welcome123 whatever willkommen zaq12wsx zxcvbnm1 zxcvbnm123 zxcvbnmm`.split(
    /\s+/,
  ),
)

export function isCommonPassword(password: string): boolean {
  return COMMON.has(password.normalize('NFC').toLowerCase())
}
