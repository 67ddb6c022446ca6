/** 1 person, 2 people; 1 text, 1,204 texts. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${Math.round(count).toLocaleString('en-US')} ${count === 1 ? one : many}`
}
