export type PublicUrlLook = { ms: number; status: number; identity: string | null; takesTexts: boolean }

/**
 * Calls our own public address as Twilio would: /healthz, and the webhook with a GET, which it refuses with 405 and which
 * changes nothing. Rejects when nobody answers.
 */
export async function lookAtPublicUrl(
  publicUrl: string,
  identityHeader: string,
  signal: AbortSignal,
): Promise<PublicUrlLook> {
  const startedMs = performance.now()
  const health = await fetch(`${publicUrl}/healthz`, { signal, redirect: 'manual' })
  const ms = Math.max(1, Math.round(performance.now() - startedMs))
  await health.body?.cancel()
  const webhook = await fetch(`${publicUrl}/webhooks/twilio/message`, { signal, redirect: 'manual' })
  await webhook.body?.cancel()
  return {
    ms,
    status: health.status,
    identity: health.headers.get(identityHeader),
    takesTexts: webhook.status === 405 && webhook.headers.get('allow') === 'POST',
  }
}
