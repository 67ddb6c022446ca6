// What `npm run bench -- …` is asked for.
import { parseArgs } from 'node:util'

const USAGE = `npm run bench [-- OPTIONS]
  --only B1,B4     these figures only
  --quick          3 rounds at small sizes: 4 minutes
  --full           adds the largest sizes
  --stages         adds what one text costs at each stage
  --guard          only the figures with a floor (scripts/bench/floor.json); fails below it
  --rivals         adds the senders that teams write today
  --json FILE      writes { "B1": { "ratio", "goal", "raw" }, … }`

/** The options, or one line that says what is wrong with them. */
export function readArguments(argv, known) {
  let values
  try {
    values = parseArgs({
      args: argv,
      options: {
        only: { type: 'string' },
        json: { type: 'string' },
        quick: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        stages: { type: 'boolean', default: false },
        guard: { type: 'boolean', default: false },
        rivals: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return { fault: `${error.message.split('. ')[0]}.\n${USAGE}` }
  }
  if (values.help) return { usage: USAGE }
  if (values.guard && values.only) return { fault: '--guard and --only: choose one.' }
  const only = values.only?.split(',').map((id) => id.trim().toUpperCase())
  const unknown = only?.find((id) => !known.some((one) => one.toUpperCase() === id))
  if (unknown !== undefined)
    return { fault: `--only: ${unknown || 'nothing'} is none of ${[...new Set(known)].join(', ')}.` }
  if (values.quick && values.full) return { fault: '--quick and --full: choose one.' }
  return { ...values, only: only ?? null }
}
