import type { World, WorldOptions } from './world.js'

/** One row of the matrix. */
export type Fault = {
  id: number
  name: string
  /** How it is done. */
  inject: string
  /** What must hold besides I1 to I6. */
  holds: string
  /** Runs in npm test too, with shorter waits. */
  inTests?: true
  world?: WorldOptions
  /** Why it cannot run here; null: it can. */
  lacks?: () => string | null
  run(world: World): Promise<void>
}

/** A promise of this row alone. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** People of a blast that lasts about so long at the world's rate. */
export const lasting = (world: World, seconds: number) => Math.ceil(world.rate * seconds)
