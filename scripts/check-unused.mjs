// Finds what nobody uses: exports that no other file of src, test and scripts imports, and files that nobody imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))))
// Where programs and test runs begin: nobody imports these.
const ENTRIES = [
  /^src\/cli\.ts$/,
  /^test\/.*\.test\.ts$/,
  /^test\/support\/(global-(setup|teardown)|patience)\.ts$/,
  /^scripts\//,
]

const files = ['src', 'test', 'scripts'].flatMap((dir) => sourceFiles(join(root, dir)))
const exported = new Map() // file -> names
const used = new Map() // file -> names, '*' = all of them
const mentioned = [] // strings that name a file: programs are started by their path

for (const file of files) read(file)

const faults = []
for (const file of files) {
  const name = relative(root, file)
  const uses = used.get(file)
  const entry = ENTRIES.some((pattern) => pattern.test(name))
  const started = mentioned.some((path) => name.replace(/\.ts$/, '.js').endsWith(path))
  if (!uses && !entry && !started) faults.push(`${name}: nobody imports this file`)
  if (entry || (started && !uses) || uses?.has('*')) continue
  for (const symbol of exported.get(file) ?? [])
    if (uses && !uses.has(symbol)) faults.push(`${name}: nobody imports ${symbol}`)
}
for (const fault of faults) console.log(fault)
process.exitCode = faults.length === 0 ? 0 : 1

function sourceFiles(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.(ts|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

function isType(node) {
  return ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)
}

function read(file) {
  const names = new Set()
  exported.set(file, names)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  visit(source)

  function visit(node) {
    if (ts.isImportDeclaration(node)) onImport(node)
    else if (ts.isExportDeclaration(node)) onExport(node)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      use(node.arguments[0]?.text, '*')
    else if (ts.isImportTypeNode(node)) use(node.argument.literal?.text, node.qualifier?.getText() ?? '*')
    else if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) onDeclaration(node)
    if (ts.isStringLiteralLike(node) && /[\w-]\.js$/.test(node.text))
      mentioned.push(node.text.replace(/^(\.{0,2}\/)+/, '/'))
    ts.forEachChild(node, visit)
  }

  function onDeclaration(node) {
    if (node.modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) names.add('default')
    else if (ts.isVariableStatement(node))
      for (const { name } of node.declarationList.declarations) collect(name)
    else if (!isType(node) || !isUsedHere(node.name.text)) names.add(node.name.text)
  }

  // The type of something exported may go out with it, imported by name or not.
  function isUsedHere(name) {
    return (source.text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1
  }

  function collect(name) {
    if (ts.isIdentifier(name)) names.add(name.text)
    else for (const element of name.elements) collect(element.name)
  }

  function onImport({ moduleSpecifier, importClause }) {
    const { text } = moduleSpecifier
    if (!importClause) return use(text, null)
    if (importClause.name) use(text, 'default')
    const bindings = importClause.namedBindings
    if (bindings && ts.isNamespaceImport(bindings)) use(text, '*')
    else for (const { propertyName, name } of bindings?.elements ?? []) use(text, (propertyName ?? name).text)
  }

  function onExport({ moduleSpecifier, exportClause }) {
    const elements = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []
    for (const { name } of elements) names.add(name.text)
    if (!moduleSpecifier) return
    if (!exportClause) use(moduleSpecifier.text, '*')
    for (const { propertyName, name } of elements) use(moduleSpecifier.text, (propertyName ?? name).text)
  }

  function use(specifier, symbol) {
    if (!specifier?.startsWith('.')) return
    const target = resolve(dirname(file), specifier)
    const found = [target, target.replace(/\.js$/, '.ts')].find((path) => files.includes(path))
    if (!found || found === file) return
    if (!used.has(found)) used.set(found, new Set())
    if (symbol) used.get(found).add(symbol)
  }
}
