// One of the senders that teams write, as a process: argv names it.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import twilio from 'twilio'
import { answerOrders } from '../answering.mjs'
import { BODY } from '../body.mjs'
import { phoneOf } from '../webhooks.mjs'
import { bullmq } from './bullmq.mjs'
import { graphileWorker } from './graphile-worker.mjs'
import { pgBoss } from './pg-boss.mjs'
import { sdkLoop } from './sdk-loop.mjs'

const SENDERS = { sdkLoop, bullmq, graphileWorker, pgBoss }
let sender = null

answerOrders({
  async open({ name, packages, twilio: account, ...stores }) {
    const client = twilio(account.accountSid, account.authToken)
    client.api.baseUrl = account.apiUrl
    const send = async (to) => (await client.messages.create({ to, from: '235246', body: BODY })).sid
    sender = await SENDERS[name]({ ...stores, send, require: createRequire(join(packages, 'package.json')) })
  },
  enqueue: ({ count }) => sender.enqueue(Array.from({ length: count }, (_, n) => phoneOf(n))),
  run() {
    sender.run().catch((error) => {
      console.error(error.message)
      process.exit(1)
    })
  },
})
