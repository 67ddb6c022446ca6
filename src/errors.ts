/** A fault that the person at the terminal can mend: one sentence that says what happened, why, and what to do. */
export class OperatorError extends Error {
  /** exitCode: 1 = it failed, 2 = wrong usage or configuration, 130 = Ctrl-C. */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 130 = 1,
  ) {
    super(message)
    this.name = 'OperatorError'
  }
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
