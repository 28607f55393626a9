import { amendAddress } from './address.ts'
import { ask, post, remove } from './api.ts'
import { type Child, h } from './dom.ts'
import { instantText, momentText, spanText } from './figures.ts'
import { authorField, form, keepAuthor } from './forms.ts'
import type { ExclusionAuditJson, ExclusionJson } from './notice-answers.ts'
import type { Page, Scene } from './page.ts'
import { cell, scrollTable } from './tables.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** What is left out of budgets or not told, who said so, and what was done to it; leaves periods out, and takes them back in. */
export const exclusionsPage: Page = {
  title: 'Exclusions',
  nav: 'exclusions',
  draw: async (scene) => {
    const { address, known, redraw } = scene
    const isAll = address.get('all') === '1'
    const { exclusions, audit } = await ask<{
      exclusions: readonly ExclusionJson[]
      audit: readonly ExclusionAuditJson[]
    }>('api/v1/exclusions', { all: isAll ? '1' : '0' })
    const toggle = (): void => {
      amendAddress({ all: isAll ? undefined : '1' })
      void redraw()
    }
    const wanted = exclusions.find(({ id, removed }) => id === address.get('end') && removed === null)
    return [
      h('h1', {}, 'Exclusions'),
      h(
        'p',
        { class: 'about' },
        'Periods whose events do not count towards budgets, good and bad alike, or whose alerts are not told. Nothing is lost: taking one back brings its events back. Times are in UTC.',
      ),
      h(
        'div',
        { class: 'choice' },
        h('button', { 'aria-pressed': String(isAll), click: toggle }, 'also those that were taken back'),
      ),
      exclusions.length === 0 ? h('p', { class: 'none' }, 'Nothing is left out.') : table(exclusions, scene),
      wanted === undefined ? newExclusion(scene) : takeBack(wanted, scene),
      auditSection(audit, known.now),
    ]
  },
}

function table(exclusions: readonly ExclusionJson[], scene: Scene): Child {
  const { now } = scene.known
  const rows = exclusions.map((exclusion) => {
    const { id, mute, excludeFromBudget, author, reason, declaredAt, removed } = exclusion
    const effect = [excludeFromBudget ? 'not counted' : '', mute ? 'not told' : '']
      .filter((text) => text !== '')
      .join(', ')
    const choose = (): void => {
      amendAddress({ end: id })
      void scene.redraw().then(() => document.getElementById('takeback-reason')?.focus())
    }
    const act =
      declaredAt !== null
        ? h('span', { class: 'about' }, declaredAt)
        : removed !== null
          ? `taken back by ${removed.author}`
          : h('button', { 'aria-label': `Take back ${id}`, click: choose }, 'Take back')
    return h(
      'tr',
      { key: id },
      h('th', { scope: 'row', class: 'wrap' }, aboutWhat(exclusion)),
      cell('When', whenText(exclusion, now)),
      cell('Effect', effect),
      h('td', { 'data-label': 'Why', class: 'why' }, `${author}: ${reason}`),
      h('td', { class: 'act' }, act),
    )
  })
  return scrollTable('Exclusions', ['What', 'When', 'Effect', 'Who and why', ''], rows)
}

function aboutWhat({ slos, services, regions }: ExclusionJson): string {
  const parts = [
    slos.join(', '),
    services.length === 0 ? '' : `services ${services.join(', ')}`,
    regions.length === 0 ? '' : `in ${regions.join(', ')}`,
  ]
  const text = parts.filter((part) => part !== '').join(' ')
  return text === '' ? 'everything' : text
}

function whenText({ schedule }: ExclusionJson, now: number): string {
  if (schedule.kind === 'once')
    return `${momentText(schedule.from, now)} to ${momentText(schedule.to, now)} (${spanText(schedule.to - schedule.from)})`
  const { weekdays: days, minuteOfDay, durationMs, timeZone } = schedule
  const time = `${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`
  const on = days.length === weekdays.length ? 'every day' : days.map((day) => weekdays[day - 1]).join(', ')
  return `${on} at ${time} ${timeZone} for ${spanText(durationMs / 1_000)}`
}

function newExclusion(scene: Scene): Child {
  const { address, known } = scene
  return form({
    id: 'exclusion',
    title: 'Leave a period out',
    action: 'Leave it out',
    fields: [
      {
        name: 'from',
        label: 'From',
        value: instantText(known.now - 3_600),
        hint: 'RFC 3339, in UTC where it ends in Z',
      },
      { name: 'to', label: 'To', value: instantText(known.now) },
      {
        name: 'slos',
        label: 'SLOs',
        value: address.get('slo') ?? '',
        isOptional: true,
        hint: 'separated by commas; every one where it is left out',
      },
      { name: 'services', label: 'Services', isOptional: true },
      { name: 'regions', label: 'Regions', isOptional: true },
      { name: 'excludeFromBudget', label: 'its events do not count towards budgets', kind: 'checkbox', value: 'on' },
      { name: 'mute', label: 'its alerts are not told', kind: 'checkbox' },
      authorField('author', 'Your name'),
      { name: 'reason', label: 'Why' },
    ],
    scene,
    submit: async (written) => {
      const names = (field: string) =>
        (written.get(field) ?? '')
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
      await post('api/v1/exclusions', {
        from: written.get('from'),
        to: written.get('to'),
        slos: names('slos'),
        services: names('services'),
        regions: names('regions'),
        excludeFromBudget: written.has('excludeFromBudget'),
        mute: written.has('mute'),
        author: keepAuthor(written.get('author') ?? ''),
        reason: written.get('reason'),
      })
      return 'It is left out.'
    },
  })
}

function takeBack(exclusion: ExclusionJson, scene: Scene): Child {
  return form({
    id: 'takeback',
    title: `Take back: ${aboutWhat(exclusion)}, ${whenText(exclusion, scene.known.now)}`,
    action: 'Take it back',
    fields: [{ name: 'reason', label: 'Why' }, authorField('author', 'Your name')],
    scene,
    submit: async (written) => {
      const author = keepAuthor(written.get('author') ?? '')
      await remove(`api/v1/exclusions/${encodeURIComponent(exclusion.id)}`, {
        author,
        reason: written.get('reason') ?? '',
      })
      amendAddress({ end: undefined })
      return 'Its events count again.'
    },
  })
}

function auditSection(audit: readonly ExclusionAuditJson[], now: number): Child {
  if (audit.length === 0) return null
  const items = audit
    .slice(0, 50)
    .map(({ exclusion, action, at, author, reason }) =>
      h('li', {}, `${momentText(at, now)} ${author} ${action} ${exclusion}: ${reason}`),
    )
  return h(
    'section',
    { 'aria-labelledby': 'audit' },
    h('h2', { id: 'audit' }, 'What was done'),
    h('ul', { class: 'sheet lines' }, items),
  )
}
