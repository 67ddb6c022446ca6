import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { listActionFiles, loadActions, readActionFile, writeActionFile } from '../adapters/action-files.js'
import { loadActionSettings } from '../config.js'
import { bundledTable } from '../congress/bundled.js'
import { buildCongress, type Congress } from '../congress/congress.js'
import { mainAction } from '../conversation/answering.js'
import { inspectAction } from '../conversation/action.js'
import { checkAction } from '../conversation/check-action.js'
import { foldActionFile } from '../conversation/fold-action.js'
import { nearest } from '../conversation/nearest.js'
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
    .argument('[file]', 'one file; without it, every file of ACTIONS_DIR')
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
  const paths = file === undefined ? listActionFiles(actionsDir) : [fileOf(file, actionsDir)]
  const prices: Prices = { perSegment: pricePerSegment }
  const congress = buildCongress(bundledTable)
  const results = paths.map((path) => {
    const folded = options.fold ? fold(path) : []
    return { folded, report: reportOn(path, actionsDir, congress, sender) }
  })
  if (options.json) printJson(cli, reportJson(results, prices))
  else cli.stdout.write(reportScreen(cli, results, prices))
  const invalid = results.filter(({ report }) => !report.valid)
  if (invalid.length > 0)
    throw new OperatorError(
      `${plural(invalid.length, 'file')} not valid: mend what is marked FAIL, then check again.`,
    )
  // Two files may each be right and still claim the same keyword.
  if (file !== undefined) return
  const actions = loadActions(actionsDir)
  if (!options.json) cli.stdout.write(answeringLine(actions))
}

/** What is advised about a file outside ACTIONS_DIR has to name its path: its bare name is no action. */
function reportOn(path: string, actionsDir: string, congress: Congress, sender: string) {
  const report = checkAction(path, readActionFile(path), congress, sender)
  if (resolve(dirname(path)) === resolve(actionsDir)) return report
  const see = `textaction action show ${path}`
  return { ...report, faults: report.faults.map((fault) => (fault.see ? { ...fault, see } : fault)) }
}

function fold(path: string) {
  const yaml = readActionFile(path)
  const folded = foldActionFile(yaml)
  if (folded.changed.length > 0) writeActionFile(path, folded.yaml)
  return folded.changed
}

/** A path as it is; a bare name is an action of ACTIONS_DIR. */
function fileOf(file: string, actionsDir: string): string {
  if (/[\\/]|\.ya?ml$/.test(file)) return file
  const files = listActionFiles(actionsDir)
  const names = files.map((path) => path.replace(/^.*[\\/]|\.ya?ml$/g, ''))
  const path = files[names.indexOf(file)]
  if (path !== undefined) return path
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
