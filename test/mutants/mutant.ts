/** A change to our code that an attack must notice: the check that stops it, removed or weakened. */
export interface Mutant {
  /** Title of the attack, as its test has it. */
  readonly attack: string
  readonly test: string
  readonly file: string
  /** Source text as it stands, found once in the file. */
  readonly original: string
  readonly mutated: string
}
