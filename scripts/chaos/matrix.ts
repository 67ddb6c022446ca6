import { performance } from 'node:perf_hooks'
import type { Fault } from './fault.js'
import { openGround, type Ground } from './ground.js'
import { judge } from './oracle.js'
import { PROCESS_FAULTS } from './process-faults.js'
import { STORE_FAULTS } from './store-faults.js'
import { TWILIO_FAULTS } from './twilio-faults.js'
import { openWorld, type World } from './world.js'

export { openGround, type Ground }

/** Every fault, in the order of its number. */
export const FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...STORE_FAULTS, ...TWILIO_FAULTS].toSorted(
  (a, b) => a.id - b.id,
)

export type Result = {
  fault: Fault
  outcome: 'ok' | 'broken' | 'skipped'
  /** What broke, or why it was skipped. */
  why: string[]
  figures: Record<string, number | string>
  seconds: number
}

/** Does one fault to a fresh world, waits until nothing more can happen, and asks the oracle. */
export async function runFault(ground: Ground, fault: Fault, isQuick: boolean): Promise<Result> {
  const lacking = fault.lacks?.() ?? null
  if (lacking !== null) return { fault, outcome: 'skipped', why: [lacking], figures: {}, seconds: 0 }
  const begun = performance.now()
  const why: string[] = []
  let world: World | null = null
  try {
    world = await openWorld(ground, isQuick, fault.world)
    await fault.run(world)
  } catch (error) {
    why.push(error instanceof Error ? error.message : String(error))
  }
  if (world) {
    await world.idle().catch((error: Error) => why.push(`I6 ${error.message}`))
    why.push(...(await judge(world)).map(({ breaks, what }) => `${breaks} ${what}`))
    await world.close()
  }
  return {
    fault,
    outcome: why.length > 0 ? 'broken' : 'ok',
    why,
    figures: world?.figures ?? {},
    seconds: (performance.now() - begun) / 1_000,
  }
}

/** "  ok      9  Redis killed, away 15 s, back       21 s  posts 2000, duplicates 0, ..." */
export function line({ fault, outcome, why, figures, seconds }: Result): string {
  const said = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  const head = `  ${outcome.padEnd(7)} ${String(fault.id).padStart(2)}  ${fault.name.padEnd(48)} ${String(Math.round(seconds)).padStart(4)} s`
  return [`${head}  ${said.join(', ')}`.trimEnd(), ...why.map((one) => `              ${one}`)].join('\n')
}
