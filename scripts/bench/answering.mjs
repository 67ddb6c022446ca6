/** For the programs the bench starts: answers orders that come as messages. */
export function answerOrders(orders) {
  process.on('message', async ({ id, order, values }) => {
    try {
      process.send({ id, answer: (await orders[order](values)) ?? null })
    } catch (error) {
      process.send({ id, fault: error.message })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
