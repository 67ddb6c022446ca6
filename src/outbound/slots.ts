export type Slots = {
  /** Waits until at least `n` slots are free. */
  free(n: number): Promise<void>
  count(): number
  take(): void
  give(): void
}

/** A bound on what is in flight in one process. */
export function createSlots(max: number): Slots {
  let free = max
  const waiting: { n: number; go: () => void }[] = []
  return {
    free(n) {
      if (free >= n) return Promise.resolve()
      return new Promise((resolve) => waiting.push({ n, go: resolve }))
    },
    count: () => free,
    take() {
      free -= 1
    },
    give() {
      free += 1
      // First come, first served: two blasts share the slots fairly.
      while (waiting[0] && free >= waiting[0].n) waiting.shift()?.go()
    },
  }
}
