// What has been reached must not be lost: CI fails when a figure is a good deal worse than the one in floor.json.
import { readFileSync } from 'node:fs'

/** So much of it a busy machine may take away. */
const SHARE = 0.8

/**
 * figure -> what was reached in `--quick` runs on two cores with others at work on them. CPU and not texts a second: a busy machine
 * takes time from several processes more than from one, but hardly makes the work more.
 */
const REACHED = JSON.parse(readFileSync(new URL('floor.json', import.meta.url), 'utf8'))

export const isGuarded = ({ id }) => id in REACHED

/** What a figure must keep; of one where smaller is better, what it must not exceed. */
export const floorOf = ({ id, lower }) => (lower ? REACHED[id] / SHARE : REACHED[id] * SHARE)

/** Whether it got worse than that, or could not be measured. */
export const isLost = (figure, { ratio }) =>
  ratio === null || (figure.lower ? ratio > floorOf(figure) : ratio < floorOf(figure))
