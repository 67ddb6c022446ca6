import { inbound } from './b04-inbound.mjs'
import { receipts } from './b05-receipts.mjs'

/** Every figure, in the order of the table. */
export const FIGURES = [inbound, receipts]
