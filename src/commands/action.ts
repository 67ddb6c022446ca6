import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import {
  listActionFiles,
  loadActions,
  NotUtf8,
  readActionFile,
  writeActionFile,
} from '../adapters/action-files.js'
import { loadActionSettings } from '../config.js'
import { bundledTable } from '../congress/bundled.js'
import { buildCongress, type Congress } from '../congress/congress.js'
import { inspectAction, type Fault } from '../conversation/action.js'
import { mainAction } from '../conversation/answering.js'
import { checkAction, type ActionReport } from '../conversation/check-action.js'
import { foldActionFile } from '../conversation/fold-action.js'
import { nearest } from '../conversation/nearest.js'
import { ALL_VARIABLES } from '../conversation/variables.js'
import { OperatorError } from '../errors.js'
import {
  actionJson,
  actionScreen,
  answeringLine,
  listScreen,
  reportJson,
  reportScreen,
  type Prices,
} from './action-screens.js'
import type { Cli } from './cli-types.js'
import { printJson } from './screen.js'
import { plural } from '../conversation/plural.js'

/** textaction action: what we ask for, and every word we say about it. */
export function actionCommand(cli: Cli): Command {
  const action = new Command('action').description(
    'the action files: what we ask for, and every word we text back',
  )
  action
    .command('list')
    .description('the actions, their keywords and languages')
    .option('--json', 'one JSON document')
    .action((options: { json?: true }) => list(cli, options))
  action
    .command('show')
    .description('every text of an action and the {{variables}} it may use')
    .argument('<id>', "the file's name without .yaml, like pro-act")
    .option('--json', 'one JSON document')
    .action((id: string, options: { json?: true }) => show(cli, id, options))
  action
    .command('check')
    .description("is it valid? Every text's segments and cost, and the characters that double the price")
    .argument('[file]', 'one file, or a folder of them; without it, ACTIONS_DIR')
    .option('--fold', 'make quotes, dashes and accents plain in the file, then check it')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  textaction action check\n  textaction action check actions/pro-act.yaml --fold',
    )
    .action((file: string | undefined, options: CheckOptions) => check(cli, file, options))
  return action
}

type CheckOptions = { json?: true; fold?: true }

function list(cli: Cli, options: { json?: true }): void {
  const actions = loadActions(loadActionSettings(cli.env).actionsDir)
  const main = mainAction(actions)
  if (options.json)
    printJson(
      cli,
      actions.map((action) => {
        const { name, version, org, program, keywords, bill, languages } = action
        return {
          ...{ id: name, version, org, program, keywords, bill, languages },
          answersOthers: action === main,
        }
      }),
    )
  else cli.stdout.write(listScreen(cli, actions))
}

function show(cli: Cli, id: string, options: { json?: true }): void {
  const { actionsDir } = loadActionSettings(cli.env)
  const path = fileOf(id, actionsDir)
  const { action, faults } = inspectAction(readActionFile(path), path)
  // A file with faults is shown all the same: whoever mends it has to see what the texts may use.
  if (options.json) printJson(cli, actionJson(action))
  else cli.stdout.write(actionScreen(cli, action))
  if (faults.length > 0)
    throw new OperatorError(
      `${path} has ${plural(faults.length, 'fault')}. See: textaction action check ${path}`,
    )
}

function check(cli: Cli, file: string | undefined, options: CheckOptions): void {
  const { actionsDir, sender, pricePerSegment } = loadActionSettings(cli.env)
  const path = file === undefined ? actionsDir : fileOf(file, actionsDir)
  const folder = file === undefined || isFolder(path) ? path : null
  const paths = folder === null ? [path] : listActionFiles(folder)
  const prices: Prices = { perSegment: pricePerSegment }
  const congress = buildCongress(bundledTable)
  const results = paths.map((path) => {
    try {
      const folded = options.fold ? fold(path) : []
      return { folded, report: reportOn(path, actionsDir, congress, sender) }
    } catch (error) {
      if (error instanceof NotUtf8) return { folded: [], report: unread(path, error) }
      throw error
    }
  })
  if (options.json) printJson(cli, reportJson(results, prices))
  else cli.stdout.write(reportScreen(cli, results, prices))
  const invalid = results.filter(({ report }) => !report.valid)
  if (invalid.length > 0)
    throw new OperatorError(
      `${plural(invalid.length, 'file')} not valid: mend what is marked FAIL, then check again.`,
    )
  // Two files may each be right and still claim the same keyword.
  if (folder === null) return
  const actions = loadActions(folder)
  if (!options.json && file === undefined) cli.stdout.write(answeringLine(actions))
}

function reportOn(path: string, actionsDir: string, congress: Congress, sender: string): ActionReport {
  const report = checkAction(path, readActionFile(path), congress, sender)
  // What is advised about a file outside ACTIONS_DIR has to name its path: its bare name is no action.
  const isOutside = resolve(dirname(path)) !== resolve(actionsDir)
  const see = isOutside ? { see: `textaction action show ${path}` } : {}
  const faults = report.faults.map((fault) => ({
    ...fault,
    ...(fault.see && see),
    message: withMeant(fault.message),
  }))
  return { ...report, faults }
}

/** A variable of another text may have been meant: one that this text knows is offered already. */
function withMeant(message: Fault['message']): string {
  const [, name] = /^\{\{([\w ]*)\}\} is no variable\.$/.exec(message) ?? []
  const meant = name === undefined ? null : nearest(name.trim(), ALL_VARIABLES)
  return meant === null ? message : `${message} Did you mean {{${meant}}}? It has no value in this text`
}

const unread = (file: string, { line }: NotUtf8): ActionReport => ({
  ...{ file, action: null, valid: false, warnings: [], sizes: [], textCount: 0 },
  faults: [{ line, message: NotUtf8.why }],
})

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function fold(path: string) {
  const yaml = readActionFile(path)
  const folded = foldActionFile(yaml)
  if (folded.changed.length > 0) writeActionFile(path, folded.yaml)
  return folded.changed
}

/** A path as it is, a folder too; a bare name is an action of ACTIONS_DIR. */
function fileOf(file: string, actionsDir: string): string {
  if (/[\\/]|\.ya?ml$/.test(file)) return file
  const files = listActionFiles(actionsDir)
  const names = files.map((path) => path.replace(/^.*[\\/]|\.ya?ml$/g, ''))
  const path = files[names.indexOf(file)]
  if (path !== undefined) return path
  if (isFolder(file)) return file
  if (existsSync(file))
    throw new OperatorError(
      `${file} is no action file: the name of one ends in .yaml. Actions there are: ${names.join(', ')}.`,
      2,
    )
  const meant = nearest(file, names)
  throw new OperatorError(
    `There is no action ${file} in ${actionsDir}. ${meant ? `Did you mean ${meant}?` : `There is: ${names.join(', ')}.`}`,
    2,
  )
}
