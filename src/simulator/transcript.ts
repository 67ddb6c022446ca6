/** One text as test/transcripts has it: "> " from her, "< " from us, further lines indented by two. */
export function transcriptLines(
  by: 'person' | 'app',
  body: string,
  wrap: (line: string) => readonly string[] = (line) => [line],
): string {
  return `${by === 'person' ? '>' : '<'} ${body.split('\n').flatMap(wrap).join('\n  ')}\n`
}
