export type BatchOptions<Item, Result> = {
  /** Items of the same key keep their order: the next one waits for the one before. */
  keyOf: (item: Item) => string
  /** How long a batch waits for others to come; 0: it is what came while the one before was under way. */
  gatherMs: number
  max: number
  /** Takes them together or throws. null: that one is to be taken alone. */
  takeAll: (items: readonly Item[]) => Promise<readonly (Result | null)[]>
  takeAlone: (item: Item) => Promise<Result>
}

export type Batches<Item, Result> = {
  take: (item: Item) => Promise<Result>
  /** Does something else for that key, in its place in the order. */
  alone: <T>(key: string, work: () => Promise<T>) => Promise<T>
}

type Waiting<Item, Result> = {
  item: Item
  resolve: (result: Result | null) => void
  reject: (error: unknown) => void
}

/** Takes what comes at about the same time together: one statement and one commit for all of it instead of one each. */
export function createBatches<Item, Result>(options: BatchOptions<Item, Result>): Batches<Item, Result> {
  const { keyOf, gatherMs, max, takeAll, takeAlone } = options
  const lastOf = new Map<string, Promise<unknown>>()
  const waiting: Waiting<Item, Result>[] = []
  let running = false

  const gathered = () =>
    new Promise<void>((resolve) => (gatherMs > 0 ? setTimeout(resolve, gatherMs) : setImmediate(resolve)))

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      await gathered()
      await takeTogether(waiting.splice(0, max))
    }
    running = false
  }

  async function takeTogether(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await takeAll(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, n) => resolve(results[n] ?? null))
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) for (const one of batch) await takeTogether([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  /** Begins when what came before for that key is done, well or not. */
  function inOrder<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = lastOf.get(key)
    const done = before ? before.then(work, work) : work()
    const forget = () => void (lastOf.get(key) === done && lastOf.delete(key))
    lastOf.set(key, done)
    done.then(forget, forget)
    return done
  }

  const takeInBatch = (item: Item) =>
    new Promise<Result | null>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void run()
    })

  return {
    take: (item) => inOrder(keyOf(item), async () => (await takeInBatch(item)) ?? takeAlone(item)),
    alone: inOrder,
  }
}

/** Whether Postgres refused it for what one of them holds, or for a lock: one by one the others go in. */
const isOfOne = (error: unknown): boolean =>
  /^(22|23|40)...$/.test(String((error as { code?: unknown }).code))
