/** A thread in the form of test/transcripts: "> WORK", "< Welcome ...", further lines of one text indented by two. */
export function transcript(texts) {
  return texts
    .filter((text) => text.by === 'person' || text.taken)
    .map((text) => `${text.by === 'person' ? '>' : '<'} ${text.body.replaceAll('\n', '\n  ')}\n`)
    .join('')
}
