import { readFileSync } from 'node:fs'
import type { Lane, Pacing } from '../ports.js'
import type { RedisClient } from './redis.js'

// In any one second at most rate x (1 + tolerance) segments go: replies may use 5 %, blasts less, so that a reply always
// finds room behind a blast at full rate.
const TOLERANCE_US: Readonly<Record<Lane, number>> = { replies: 50_000, blasts: 30_000 }

type WithScript = {
  pace(
    due: string,
    waiting: string,
    lane: string,
    us: number,
    segments: number,
    tolerance: number,
  ): Promise<number>
}

/** Paces all workers of one sender together. Redis down: rejects. */
export function createRedisPacing(redis: RedisClient, sender: string, segmentsPerSecond: number): Pacing {
  const lua = readFileSync(new URL('./pacing.lua', import.meta.url), 'utf8')
  redis.defineCommand('pace', { numberOfKeys: 2, lua })
  const scripted = redis as unknown as WithScript
  const due = `{pacing:${sender.replace(/\W/g, '')}}:due`
  const waiting = `{pacing:${sender.replace(/\W/g, '')}}:reply-waiting`
  const microseconds = 1_000_000 / segmentsPerSecond
  return {
    take: (lane, segments) => scripted.pace(due, waiting, lane, microseconds, segments, TOLERANCE_US[lane]),
  }
}
