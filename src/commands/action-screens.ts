import { FAULTS_TOLD } from '../adapters/action-files.js'
import type { Action, Language } from '../conversation/action.js'
import { whoAnswers } from '../conversation/answering.js'
import { additionSizes, languageWord, type ActionReport } from '../conversation/check-action.js'
import type { Folded } from '../conversation/fold-action.js'
import { ADDITION_NAMES, TEXT_NAMES, type TextName } from '../conversation/text-names.js'
import { COMMON_VARIABLES, TEXT_VARIABLES } from '../conversation/variables.js'
import type { WorstCase } from '../conversation/worst-case.js'
import type { Cli } from './cli-types.js'
import { colours, dollars, printable } from './screen.js'
import { plural } from '../conversation/plural.js'

export type Prices = { perSegment: number }

export type CheckResult = { report: ActionReport; folded: Folded['changed'] }

/** The actions, a line each. */
export function listScreen(cli: Cli, actions: readonly Action[]): string {
  const c = colours(cli)
  const width = Math.max(...actions.map((action) => action.name.length))
  return actions
    .map((action) => {
      const languages = action.languages.map(languageWord).join(' and ')
      const facts = `version ${action.version}   ${action.keywords.join(', ')}   ${action.bill.short}   ${languages}`
      return `${action.name.padEnd(width)}   ${facts}\n`
    })
    .concat(
      c.dim(`${plural(actions.length, 'action')}. Every word of one: `) +
        c.cyan(`textaction action show ${actions[0]?.name ?? ''}`) +
        '\n',
      answeringLine(actions),
    )
    .join('')
}

/** Whom each of several actions answers, as a line of a screen. */
export function answeringLine(actions: readonly Action[]): string {
  const line = whoAnswers(actions)
  return line === null ? '' : `${line}\n`
}

/** Every text of an action, and what it may use. Without an action: the variables alone. */
export function actionScreen(cli: Cli, action: Action | null): string {
  const c = colours(cli)
  const braces = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(' ')
  const head = action
    ? [
        `${c.bold(action.name)}   version ${action.version}`,
        `  Organization  ${action.org}`,
        `  Program       ${action.program}`,
        `  Keywords      ${action.keywords.join(', ')}`,
        `  Bill          ${action.bill.short}, the ${action.bill.long}`,
        `  Contact       ${action.contact}`,
        ...action.languages.flatMap((language) => [
          `  ${languageWord(language).padEnd(12)}  ${action.wording[language].frequency}; "${action.wording[language].ask}"`,
        ]),
      ]
    : []
  const words = (language: Language, text: string) =>
    `    ${c.dim(language)}  ${text.split('\n').join('\n        ')}`
  const texts = TEXT_NAMES.flatMap((name) => [
    '',
    `  ${c.bold(name)}${TEXT_VARIABLES[name].length > 0 ? c.dim(`   knows ${braces(TEXT_VARIABLES[name])}`) : ''}`,
    ...(action?.languages ?? []).map((language) =>
      words(language, action?.wording[language].texts[name] ?? ''),
    ),
  ])
  const additions = ADDITION_NAMES.flatMap((name) => [
    '',
    `  ${c.bold(name)}${c.dim('   goes into other texts')}`,
    ...(action?.languages ?? []).map((language) =>
      words(language, action?.wording[language].additions[name] ?? ''),
    ),
  ])
  const common = ['', `  Every text knows ${braces(COMMON_VARIABLES)}`]
  return `${[...head, ...common, ...texts, ...additions].join('\n')}\n`
}

/** The same for programs. */
export function actionJson(action: Action | null): unknown {
  const variables = Object.fromEntries(
    TEXT_NAMES.map((name) => [name, [...COMMON_VARIABLES, ...TEXT_VARIABLES[name]]]),
  )
  return { ...(action && { id: action.name, ...action }), variables }
}

/** What `action check` found, file by file. */
export function reportScreen(cli: Cli, results: readonly CheckResult[], prices: Prices): string {
  const valid = results.filter(({ report }) => report.valid).length
  const warnings = results.reduce((sum, { report }) => sum + report.warnings.length, 0)
  const files = plural(results.length, 'file')
  const state =
    valid === results.length ? 'valid' : valid === 0 ? 'not valid' : `${results.length - valid} not valid`
  const faults = results.reduce((sum, { report }) => sum + report.faults.length, 0)
  const counts = [faults > 0 ? plural(faults, 'fault') : '', warnings > 0 ? plural(warnings, 'warning') : '']
  const closing = `${[`${files}: ${state}`, ...counts.filter(Boolean)].join(', ')}.\n`
  return results.map((result) => fileScreen(cli, result, prices)).join('') + closing
}

function fileScreen(cli: Cli, { report, folded }: CheckResult, prices: Prices): string {
  const c = colours(cli)
  const { action, faults, warnings, sizes } = report
  const lines = [printable(report.file)]
  const say = (word: string, text: string, mend?: string) =>
    lines.push(`  ${word}  ${text}`, ...(mend === undefined ? [] : [`          ${c.cyan(mend)}`]))
  for (const change of folded)
    say(
      c.dim('note'),
      `line ${change.line}: "${printable(change.from)}" is now ${change.to === '' ? 'gone' : `"${printable(change.to)}"`}`,
    )
  for (const fault of faults.slice(0, FAULTS_TOLD))
    say(c.red('FAIL'), `line ${fault.line}: ${printable(fault.message)}`, fault.see)
  const more = faults.length - FAULTS_TOLD
  if (more > 0) lines.push(`  and ${more} more, perhaps all from the first`)
  if (action && report.valid) {
    const languages = action.languages.map(languageWord).join(' and ')
    say(c.green('ok  '), `${report.textCount} texts in ${languages}; every legal part is there`)
    say(c.green('ok  '), summary(sizes))
  }
  for (const warning of warnings)
    say(c.yellow('warn'), `line ${warning.line}, ${printable(warning.message)}`, warning.mend)
  return `${[...lines, ...(action ? ['', ...sizeTable(action, sizes, prices, c.dim), ''] : [])].join('\n')}\n`
}

/** "welcome 2 segments, senators 3 (longest WV: 359 and 374 characters)" */
function summary(sizes: readonly WorstCase[]): string {
  const of = (text: TextName) => sizes.filter((size) => size.text === text)
  const most = (text: TextName) => Math.max(...of(text).map((size) => size.segments))
  const senators = of('senators')
  const longest = [...new Set(senators.map((size) => size.longestFor ?? ''))].join(' and ')
  const characters = senators.map((size) => size.characters).join(' and ')
  return `welcome ${plural(most('welcome'), 'segment')}, senators ${most('senators')} (longest ${longest}: ${characters} characters)`
}

function sizeTable(
  action: Action,
  sizes: readonly WorstCase[],
  prices: Prices,
  dim: (text: string) => string,
): string[] {
  const cell = (characters: string, segments: string, cost: string, at: string) =>
    `${characters.padStart(9)}${segments.padStart(5)}${cost.padStart(7)}  ${at.padEnd(5)}`
  const languages = action.languages
  const rows = TEXT_NAMES.map((text) => {
    const cells = languages.map((language) => {
      const size = sizes.find((each) => each.text === text && each.language === language)
      return size
        ? cell(
            `${size.characters}`,
            `${size.segments}`,
            dollars(size.segments * prices.perSegment),
            size.longestFor ?? '',
          )
        : ''
    })
    return `  ${text.padEnd(15)}${cells.join('')}`.trimEnd()
  })
  const additions = ADDITION_NAMES.map((name) => {
    const cells = languages.map((language) => {
      const size = additionSizes(action).find((each) => each.name === name && each.language === language)
      return cell(`+${size?.characters ?? 0}`, '', '', '')
    })
    return `  ${name.padEnd(15)}${cells.join('')}`.trimEnd()
  })
  const head = `  ${'at its longest'.padEnd(15)}${languages.map((language) => cell(languageWord(language), 'seg', 'cost', 'for')).join('')}`
  return [dim(head.trimEnd()), ...rows, ...additions]
}

/** The same for programs. */
export function reportJson(results: readonly CheckResult[], prices: Prices): unknown {
  return {
    valid: results.every(({ report }) => report.valid),
    files: results.map(({ report, folded }) => ({
      file: report.file,
      id: report.action?.name ?? null,
      version: report.action?.version ?? null,
      valid: report.valid,
      faults: report.faults,
      warnings: report.warnings,
      folded,
      texts: report.sizes.map(({ text, language, characters, segments, longestFor }) => ({
        text,
        language,
        characters,
        segments,
        cost: Number((segments * prices.perSegment).toFixed(4)),
        longestFor,
      })),
    })),
  }
}
