export type ApiAnswer = { status: number; body: unknown; headers?: Readonly<Record<string, string>> }

/** An error shaped as Twilio's. */
export function apiError(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return {
    status,
    headers,
    body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
  }
}
