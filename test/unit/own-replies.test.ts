import { createOwnReplies } from '../../src/outbound/own-replies.js'
import type { WaitingReply } from '../../src/ports.js'

const reply = (number: number): WaitingReply => ({ number, segments: 1 })

let begun: number[]
let announced: number[]
let end: Map<number, { done: () => void; notNow: () => void; badly: () => void }>
const own = (max: number) =>
  createOwnReplies(
    max,
    ({ number }) => {
      begun.push(number)
      return new Promise((resolve, reject) =>
        end.set(number, {
          done: () => resolve(true),
          notNow: () => resolve(false),
          badly: () => reject(new Error('Postgres is away')),
        }),
      )
    },
    (replies) => void announced.push(...replies.map(({ number }) => number)),
  )
const settled = () => new Promise(setImmediate)
beforeEach(() => {
  begun = []
  announced = []
  end = new Map()
})

test('what a worker has just written it sends itself, as many as it has room for; others are called for the rest', async () => {
  const worker = own(2)
  worker.announceReplies([reply(1)])
  worker.announceReplies([reply(2), reply(3)])
  worker.announceReplies([reply(4)])
  expect(begun).toEqual([1, 2])
  expect(announced).toEqual([3, 4])
  end.get(1)?.done()
  await settled()
  worker.announceReplies([reply(5), reply(6)])
  expect(begun).toEqual([1, 2, 5])
  expect(announced).toEqual([3, 4, 6])
})

test('one that has to wait, for the rate or for her row, waits in the queue and keeps no room', async () => {
  const worker = own(1)
  worker.announceReplies([reply(1)])
  end.get(1)?.notNow()
  await settled()
  expect(announced).toEqual([1])
  worker.announceReplies([reply(2)])
  expect(begun).toEqual([1, 2])
})

test('one that fails gives its room back, and is left to the sweep', async () => {
  const worker = own(1)
  worker.announceReplies([reply(1)])
  end.get(1)?.badly()
  await settled()
  worker.announceReplies([reply(2)])
  expect(begun).toEqual([1, 2])
  expect(announced).toEqual([])
})

test('a worker that stops waits for those it has begun and begins no more', async () => {
  const worker = own(2)
  worker.announceReplies([reply(1), reply(2)])
  let closed = false
  const closing = worker.close().then(() => (closed = true))
  end.get(1)?.done()
  await settled()
  expect(closed).toBe(false)
  worker.announceReplies([reply(3)])
  expect(announced).toEqual([3])
  end.get(2)?.done()
  await closing
  expect(begun).toEqual([1, 2])
})
