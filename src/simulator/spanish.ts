const SPANISH = new Set(
  'al alguien así con cuando de del desde disculpa donde el en equipo es eres está falta gracias hay hola la las listo los llama luego manda mándanos no nos o para parte pero pide por porque prueba que recibes responde senado senador senadores si sigues sin sobre somos su sus te ti tienes toca tu tus un una van vota voto y ya yo'.split(
    ' ',
  ),
)
const ENGLISH = new Set(
  'a again alerts already an and any are as at be by call can come for from get glad has have help hi if in is it its just like me more next not of on one or our out reply send sorry text texts thank thanks that the them then this to try us we what when which with you your'.split(
    ' ',
  ),
)

/** Whether a text reads as Spanish, so that a screen reader pronounces it so: common words are counted. */
export function isSpanish(body: string): boolean {
  let balance = 0
  for (const word of body.toLowerCase().match(/\p{L}+/gu) ?? []) {
    if (SPANISH.has(word)) balance += 1
    if (ENGLISH.has(word)) balance -= 1
  }
  return balance > 0
}
