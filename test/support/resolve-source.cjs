// Jest's moduleNameMapper does not reach its global set-up: there './x.js' has to find x.ts by this.
const Module = require('node:module')
const { existsSync } = require('node:fs')
const { dirname, resolve } = require('node:path')

const original = Module._resolveFilename
Module._resolveFilename = function (request, parent, ...rest) {
  if (/^\.{1,2}\/.*\.js$/.test(request) && parent?.filename) {
    const source = resolve(dirname(parent.filename), request.replace(/\.js$/, '.ts'))
    if (existsSync(source)) return source
  }
  return original.call(this, request, parent, ...rest)
}
