import { createVault } from '../../src/adapters/vault.js'

const key = Buffer.alloc(32, 7).toString('base64')
const vault = createVault(key)
const phone = '+12055550100'

test('what is sealed opens again, letter for letter, and does not show', () => {
  for (const text of [phone, '', 'señora, ¿qué tal? 💪', 'x'.repeat(1_600)]) {
    const sealed = vault.seal(text)
    expect(vault.open(sealed)).toBe(text)
    if (text) expect(sealed.includes(text)).toBe(false)
  }
})

test('the same number sealed 5,000 times never looks the same twice', () => {
  const sealed = new Set(Array.from({ length: 5_000 }, () => vault.seal(phone).toString('hex')))
  expect(sealed.size).toBe(5_000)
})

test('one bit changed anywhere, or a piece cut off: it does not open', () => {
  const sealed = vault.seal(phone)
  for (let byte = 0; byte < sealed.length; byte++) {
    const changed = Buffer.from(sealed)
    changed[byte] = (changed[byte] ?? 0) ^ 1
    expect(() => vault.open(changed)).toThrow()
  }
  expect(() => vault.open(sealed.subarray(1))).toThrow()
  expect(() => vault.open(sealed.subarray(0, 5))).toThrow()
})

test('another key opens nothing, finds nobody, and has another name', () => {
  const other = createVault(Buffer.alloc(32, 8).toString('base64'))
  expect(() => other.open(vault.seal(phone))).toThrow()
  expect(other.hash(phone)).not.toEqual(vault.hash(phone))
  expect(other.mac('0-1')).not.toBe(vault.mac('0-1'))
  expect(other.fingerprint).not.toBe(vault.fingerprint)
})

test('a process started later with the same key finds her and opens her number', () => {
  const later = createVault(key)
  expect(later.hash(phone)).toEqual(vault.hash(phone))
  expect(later.open(vault.seal(phone))).toBe(phone)
  expect(later.fingerprint).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}$/)
  expect(later.fingerprint).toBe(vault.fingerprint)
})

test('two numbers never share a hash, nor two ids a mac, and both fit a URL', () => {
  expect(vault.hash('+12055550101')).not.toEqual(vault.hash(phone))
  expect(vault.mac('0-1')).not.toBe(vault.mac('0-11'))
  expect(vault.mac('0-1')).toMatch(/^[\w-]{22}$/)
})
