import type { Bot } from './bot.js'

/** What went to somebody after the 200 of her STOP, but for its one confirmation. */
export function textsAfterStop({ simulator }: Pick<Bot, 'simulator'>): { to: string; body: string }[] {
  const answeredAt = new Map(
    simulator.journal
      .read(['inbound'])
      .flatMap((one) => (one.kind === 'inbound' ? [[one.from, one.answeredAt] as const] : [])),
  )
  return simulator.journal
    .read(['post'])
    .flatMap((one) => (one.kind === 'post' ? [one] : []))
    .filter(({ to, at, body }) => at > (answeredAt.get(to) ?? Infinity) && !body.startsWith('You are unsub'))
}
