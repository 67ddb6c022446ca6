import { Gauge, Registry } from 'prom-client'
import type { Gauges } from '../db/gauges.js'

/** Shown only when the database has just been read: a stale figure would look like a true one. */
export const standingRegistry = new Registry()

const registers = [standingRegistry]
const labelNames = ['lane'] as const

const standing = {
  unapplied: new Gauge({
    name: 'textaction_texts_unapplied',
    help: 'Inbound texts recorded and not yet applied.',
    registers,
  }),
  unappliedAge: new Gauge({
    name: 'textaction_unapplied_age_seconds',
    help: 'Age of the oldest inbound text not yet applied; 0: there is none.',
    registers,
  }),
  waiting: new Gauge({
    name: 'textaction_texts_waiting',
    help: 'Outbound texts that could go now, by lane; those of blasts are counted up to 100,000 each.',
    labelNames,
    registers,
  }),
  waitingAge: new Gauge({
    name: 'textaction_waiting_age_seconds',
    help: 'How long the oldest answer has been due; 0: none is.',
    registers,
  }),
  announced: new Gauge({
    name: 'textaction_texts_announced',
    help: 'Texts of blasts in ranges that were handed to workers and are not finished.',
    registers,
  }),
  claimAge: new Gauge({
    name: 'textaction_claim_age_seconds',
    help: 'Age of the oldest open claim, by lane; 0: there is none.',
    labelNames,
    registers,
  }),
  inDoubt: new Gauge({
    name: 'textaction_texts_in_doubt',
    help: 'Texts that may or may not have gone, by lane.',
    labelNames,
    registers,
  }),
  inDoubtAge: new Gauge({
    name: 'textaction_in_doubt_age_seconds',
    help: 'Age of the oldest text in doubt, by lane; 0: there is none.',
    labelNames,
    registers,
  }),
  blasts: new Gauge({
    name: 'textaction_blasts',
    help: 'Blasts, by state.',
    labelNames: ['state'] as const,
    registers,
  }),
  blastsOverdue: new Gauge({
    name: 'textaction_blasts_overdue',
    help: 'Blasts scheduled and not started a minute after their time.',
    registers,
  }),
  blastsUnfed: new Gauge({
    name: 'textaction_blasts_unfed',
    help: 'Blasts running or due that no worker feeds: nothing of them goes.',
    registers,
  }),
  webProcesses: new Gauge({
    name: 'textaction_web_processes',
    help: 'Web processes that have reported to the database in the last seconds.',
    registers,
  }),
  webProcessesSpooling: new Gauge({
    name: 'textaction_web_processes_spooling',
    help: 'Of these, those whose spool is not empty: no blast is claimed while there is one.',
    registers,
  }),
  segmentsToday: new Gauge({
    name: 'textaction_segments_today',
    help: 'Segments sent today, which ends at midnight in Hawaii.',
    registers,
  }),
  schemaVersion: new Gauge({
    name: 'textaction_schema_version',
    help: 'The newest migration the database has had.',
    registers,
  }),
  schemaExpected: new Gauge({
    name: 'textaction_schema_expected',
    help: 'The newest migration this program knows.',
    registers,
  }),
}

/** Sets every gauge of what stands in the database. */
export function showStanding(now: Gauges, schemaExpected: number): void {
  standing.unapplied.set(now.unapplied)
  standing.unappliedAge.set(now.unappliedAge ?? 0)
  standing.waiting.set({ lane: 'replies' }, now.repliesWaiting)
  standing.waiting.set({ lane: 'blasts' }, now.blastsWaiting)
  standing.waitingAge.set(now.repliesWaitingAge ?? 0)
  standing.announced.set(now.blastsAnnounced)
  standing.claimAge.set({ lane: 'replies' }, now.repliesClaimedAge ?? 0)
  standing.claimAge.set({ lane: 'blasts' }, now.blastsClaimedAge ?? 0)
  standing.inDoubt.set({ lane: 'replies' }, now.repliesInDoubt)
  standing.inDoubt.set({ lane: 'blasts' }, now.blastsInDoubt)
  standing.inDoubtAge.set({ lane: 'replies' }, now.repliesInDoubtAge ?? 0)
  standing.inDoubtAge.set({ lane: 'blasts' }, now.blastsInDoubtAge ?? 0)
  standing.blasts.reset()
  for (const [state, count] of Object.entries(now.blasts)) standing.blasts.set({ state }, count)
  standing.blastsOverdue.set(now.blastsOverdue)
  standing.blastsUnfed.set(now.blastsUnfed)
  standing.webProcesses.set(now.webProcesses)
  standing.webProcessesSpooling.set(now.webProcessesSpooling)
  standing.segmentsToday.set(now.segmentsToday)
  standing.schemaVersion.set(now.schemaVersion)
  standing.schemaExpected.set(schemaExpected)
}
