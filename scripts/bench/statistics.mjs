/** The middle value; of an even number, the lower middle's mean with the upper. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The value that a share q (0 to 1) of all values does not exceed. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]
}

/** To so many significant digits: a raw figure of this machine has no more. */
export const significant = (value, digits = 4) => Number(value.toPrecision(digits))
