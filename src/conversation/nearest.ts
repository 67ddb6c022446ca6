/** The candidate a word was most likely meant to be, or null: few letters off, or cut short ("senater" -> "sen"). */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const typed = word.toLowerCase()
  let best: { candidate: string; score: number } | null = null
  for (const candidate of candidates) {
    // People get the opening of a word right: each letter of it outweighs a wrong one later.
    const score = distance(typed, candidate.toLowerCase()) - opening(typed, candidate.toLowerCase())
    if (score <= 2 && (best === null || score < best.score)) best = { candidate, score }
  }
  return best?.candidate ?? null
}

function opening(a: string, b: string): number {
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1
  return same
}

/** Levenshtein's distance: letters to insert, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
    }
    row = next
  }
  return row[b.length] ?? 0
}
