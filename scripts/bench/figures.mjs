import { sending } from './b01-sending.mjs'
import { pacingAlone } from './b02-pacing.mjs'
import { inbound } from './b04-inbound.mjs'
import { receipts } from './b05-receipts.mjs'
import { idleAnswers } from './b08-answers.mjs'
import { outages } from './b11-outages.mjs'
import { imports } from './b13-import.mjs'

/** What is measured, in the order of the table. One run may give several figures: its parts. */
export const MEASUREMENTS = [sending, pacingAlone, inbound, receipts, idleAnswers, outages, imports]

/** The figures of one measurement. */
export const figuresOf = ({ id, what, goal, lower, parts }) => parts ?? [{ id, what, goal, lower }]
