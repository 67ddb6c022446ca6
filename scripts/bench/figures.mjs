import { pacingAlone } from './b02-pacing.mjs'
import { inbound } from './b04-inbound.mjs'
import { receipts } from './b05-receipts.mjs'
import { idleAnswers } from './b08-answers.mjs'
import { outages } from './b11-outages.mjs'
import { imports } from './b13-import.mjs'

/** Every figure, in the order of the table. A letter tells the parts of one figure from each other. */
export const FIGURES = [pacingAlone, inbound, receipts, idleAnswers, outages, imports]
