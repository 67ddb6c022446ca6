/** leave: she asks us to stop. stay: she does not. unclear: a reasonable reader could not tell; ask once. */
export type Verdict = 'leave' | 'stay' | 'unclear'

/** The verdict with its reason: the rule's name and the words that it read. */
export type Judgement = { verdict: Verdict; rule: string; words: string }
