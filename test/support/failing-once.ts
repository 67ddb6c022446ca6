import type pg from 'pg'

/** The pool, but the first call of this method fails: of query a statement, of connect a transaction. */
export function failingOnce(pool: pg.Pool, method: 'query' | 'connect'): pg.Pool {
  let failed = false
  return new Proxy(pool, {
    get(_pool, name) {
      const value: unknown = Reflect.get(pool, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name !== method || failed) return Reflect.apply(value, pool, given) as unknown
        failed = true
        return Promise.reject(new Error('connection refused'))
      }
    },
  })
}
