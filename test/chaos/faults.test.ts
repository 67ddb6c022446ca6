import { FAULTS, openGround, runFault, type Ground } from '../../scripts/chaos/matrix.js'

// The rows that are quick; `npm run chaos` does all of them, at full length.
const ROWS = FAULTS.filter((fault) => fault.inTests)

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
}, 60_000)
afterAll(() => ground.close(), 30_000)

test('ten rows of the matrix are among the tests', () => {
  expect(ROWS.map(({ id }) => id)).toEqual([2, 3, 5, 9, 10, 15, 22, 23, 26, 28])
})

test.each(ROWS)(
  'row $id, $name: nothing lost, nothing twice',
  async (fault) => {
    const { outcome, why, figures } = await runFault(ground, fault, true)
    expect({ outcome, why, figures }).toMatchObject({ outcome: 'ok', why: [] })
  },
  240_000,
)
