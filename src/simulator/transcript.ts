/** One text as test/transcripts has it: "> " from her, "< " from us, further lines indented by two. */
export function transcriptLines(by: 'person' | 'app', body: string): string {
  return `${by === 'person' ? '>' : '<'} ${body.replaceAll('\n', '\n  ')}\n`
}
