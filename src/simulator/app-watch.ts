import { request } from 'undici'

const EVERY_MS = 2_000
const PATIENCE_MS = 3_000

export type AppWatch = {
  /** Asks now: something just went wrong, or a phone has come. */
  look: () => Promise<boolean>
  stop: () => void
}

/** Whether the app answers at all; asked again and again only while somebody looks at a phone. */
export function watchApp(options: {
  healthUrl: () => string
  isWatched: () => boolean
  onChange: (up: boolean) => void
}): AppWatch {
  let up: boolean | null = null
  let asking: Promise<boolean> | null = null

  async function ask(): Promise<boolean> {
    try {
      const response = await request(options.healthUrl(), {
        headersTimeout: PATIENCE_MS,
        bodyTimeout: PATIENCE_MS,
      })
      await response.body.dump()
      return true // any answer will do: it is there
    } catch {
      return false
    }
  }

  function look(): Promise<boolean> {
    asking ??= ask().then((answered) => {
      asking = null
      if (up !== null && answered !== up) options.onChange(answered)
      up = answered
      return answered
    })
    return asking
  }

  const timer = setInterval(() => options.isWatched() && void look(), EVERY_MS).unref()
  return { look, stop: () => clearInterval(timer) }
}
