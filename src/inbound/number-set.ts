/** Remembers US numbers (E.164) in 8 to 16 bytes each: a Set of strings would take ten times as much. */
export type NumberSet = {
  /** False when it was there already. */
  add(phone: string): boolean
}

const FIRST_SLOTS = 1 << 12

/** An empty set: open addressing, at most half full. */
export function createNumberSet(): NumberSet {
  let slots = new Float64Array(FIRST_SLOTS)
  let size = 0

  const grow = () => {
    const old = slots
    slots = new Float64Array(old.length * 2)
    for (const number of old) if (number !== 0) slots[slotOf(slots, number)] = number
  }

  return {
    add(phone) {
      const number = Number(phone.slice(2))
      const slot = slotOf(slots, number)
      if (slots[slot] === number) return false
      slots[slot] = number
      size += 1
      if (size * 2 > slots.length) grow()
      return true
    },
  }
}

/** Where a number is, or the free slot where it belongs. */
function slotOf(slots: Float64Array, number: number): number {
  const mask = slots.length - 1
  // Numbers of one area code stand close together: the multiplication spreads them.
  let slot = (Math.imul(number % 0x1_0000_0000, 0x9e37_79b1) >>> 8) & mask
  while (slots[slot] !== 0 && slots[slot] !== number) slot = (slot + 1) & mask
  return slot
}
