import { sending } from './b01-sending.mjs'
import { paced, pacingAlone } from './b02-pacing.mjs'
import { fanOut } from './b03-fan-out.mjs'
import { inbound } from './b04-inbound.mjs'
import { receipts } from './b05-receipts.mjs'
import { growth } from './b06-growth.mjs'
import { answers } from './b08-answers.mjs'
import { killedWorkers } from './b09-killed.mjs'
import { outages } from './b11-outages.mjs'
import { imports } from './b13-import.mjs'

/** What is measured, in the order of the table. One run may give several figures: its parts. */
export const MEASUREMENTS = [
  sending,
  paced,
  pacingAlone,
  fanOut,
  inbound,
  receipts,
  growth,
  answers,
  killedWorkers,
  outages,
  imports,
]

/** The figures of one measurement. */
export const figuresOf = ({ id, what, goal, lower, parts }) => parts ?? [{ id, what, goal, lower }]
