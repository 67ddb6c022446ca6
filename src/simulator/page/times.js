const clock = new Intl.DateTimeFormat('en-US', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat('en-US', { weekday: 'short', month: 'short', day: 'numeric' })

/** 10:42:07 */
export const clockTime = (at) => clock.format(at)

/** 10:42 */
export const minute = (at) => clockTime(at).slice(0, 5)

/** Sun, Nov 22 */
export const dayName = (at) => day.format(at)

/** 28 ms, 12.3 s, 2 min 4 s */
export function span(ms) {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${(seconds / 3_600).toFixed(1)} h`
}
