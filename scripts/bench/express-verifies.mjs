// The bare arm of B4 and B5: Express that reads the form, verifies the signature and answers. It keeps nothing.
import express from 'express'
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { answerOrders } from './answering.mjs'

answerOrders({
  listen({ publicUrl, authToken }) {
    const app = express()
    app.disable('x-powered-by')
    app.disable('etag')
    app.post('/{*path}', express.urlencoded({ extended: false, limit: '32kb' }), (request, response) => {
      const signature = request.get('x-twilio-signature') ?? ''
      const genuine = validateRequest(authToken, signature, publicUrl + request.originalUrl, request.body)
      response
        .status(genuine ? 200 : 403)
        .type('text/xml')
        .send('<Response/>')
    })
    return new Promise((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve({ port: server.address().port }))
    })
  },
})
