const LINE_COLUMNS_MIN = 20

/** Time as evidence, on a person's own clock: "Nov 22, 2026 10:42:07 CST". */
export function stamp(at: Date, zone: string): string {
  const part = parts(at, zone)
  return `${part('month')} ${part('day').padStart(2)}, ${part('year')} ${clock(at, zone)} ${part('timeZoneName')}`
}

/** "10:42:07" */
export function clock(at: Date, zone: string): string {
  const part = parts(at, zone)
  return `${part('hour')}:${part('minute')}:${part('second')}`
}

/** America/Chicago -> "Central", as its clock is called at that moment: Menominee's was Eastern once. */
export function zoneName(zone: string, at: Date): string {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longGeneric' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value
  return (name ?? zone).replace(/( Standard)? Time$/, '')
}

/** Breaks a text into lines of at most `width` characters, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const width = Math.max(columns, LINE_COLUMNS_MIN)
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width)
    const end = space > 0 ? space : width
    lines.push(rest.slice(0, end))
    rest = rest.slice(space > 0 ? end + 1 : end)
  }
  return [...lines, rest]
}

function parts(at: Date, zone: string): (type: Intl.DateTimeFormatPartTypes) => string {
  const found = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, timeZoneName: 'short', hourCycle: 'h23' },
    ...{
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  }).formatToParts(at)
  return (type) => found.find((part) => part.type === type)?.value ?? ''
}
