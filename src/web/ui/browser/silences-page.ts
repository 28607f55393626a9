import { amendAddress } from './address.ts'
import { ask, post, remove } from './api.ts'
import { type Child, h } from './dom.ts'
import { momentText, spanText } from './figures.ts'
import { author, authorField, form, keepAuthor, outcomeOf, perform } from './forms.ts'
import type { SilenceJson } from './notice-answers.ts'
import type { Page, Scene } from './page.ts'
import { cell, scrollTable } from './tables.ts'

/** What is not told for a while, by whom and why; ends silences, and makes new ones. */
export const silencesPage: Page = {
  title: 'Silences',
  nav: 'silences',
  draw: async (scene) => {
    const { address, known, redraw } = scene
    const isAll = address.get('all') === '1'
    const { silences } = await ask<{ silences: readonly SilenceJson[] }>('api/v1/silences', { all: isAll ? '1' : '0' })
    const toggle = (): void => {
      amendAddress({ all: isAll ? undefined : '1' })
      void redraw()
    }
    return [
      h('h1', {}, 'Silences'),
      h(
        'p',
        { class: 'about' },
        'A silence keeps alerts that match from being told. They burn and count as ever, and what still burns at its end is told then. Times are in UTC.',
      ),
      h(
        'div',
        { class: 'choice' },
        h('button', { 'aria-pressed': String(isAll), click: toggle }, 'also those that ended'),
      ),
      silences.length === 0
        ? h('p', { class: 'none' }, isAll ? 'There was none.' : 'None is in force or to come.')
        : table(silences, scene, known.now),
      newSilence(scene),
    ]
  },
}

function table(silences: readonly SilenceJson[], scene: Scene, now: number): Child {
  const rows = silences.map((silence) => {
    const { id, state, matchers, startsAt, endsAt, createdBy, comment, endedBy } = silence
    const ends =
      state === 'expired'
        ? `ended${endedBy === null ? '' : ` by ${endedBy}`}`
        : state === 'pending'
          ? `begins in ${spanText(startsAt - now)}`
          : `${spanText(endsAt - now)} left`
    return h(
      'tr',
      { key: id },
      cell(
        'State',
        h(
          'span',
          { class: `badge ${state === 'active' ? 'stale' : 'over'}` },
          state === 'active' ? '◷ in force' : state === 'pending' ? 'to come' : 'ended',
        ),
      ),
      h(
        'th',
        { scope: 'row', class: 'wrap' },
        matchers.map((matcher) => h('code', {}, matcherText(matcher))),
      ),
      cell('From', momentText(startsAt, now)),
      cell('To', `${momentText(endsAt, now)} (${ends})`),
      h('td', { 'data-label': 'Why', class: 'why' }, `${createdBy}: ${comment}`),
      h('td', { class: 'act' }, state === 'expired' ? null : endButton(silence, scene)),
    )
  })
  return scrollTable('Silences', ['State', 'Alerts that', 'From', 'To', 'Who and why', ''], rows)
}

function endButton({ id, matchers }: SilenceJson, scene: Scene): Child {
  const name = matchers.map(matcherText).join(', ')
  const end = (): void => {
    void perform(
      `end-${id}`,
      async () => {
        await remove(`api/v1/silences/${encodeURIComponent(id)}`, { by: author() === '' ? 'the web page' : author() })
        return `The silence of ${name} has ended.`
      },
      scene,
    )
  }
  return [h('button', { 'aria-label': `End the silence of ${name}`, click: end }, 'End'), outcomeOf(`end-${id}`)]
}

function newSilence(scene: Scene): Child {
  return form({
    id: 'silence',
    title: 'Silence alerts',
    action: 'Silence',
    fields: [
      {
        name: 'matchers',
        label: 'Alerts that match',
        kind: 'textarea',
        value: scene.address.get('matchers') ?? '',
        hint: 'one a line, all must hold: slo="checkout", region=~"eu-.*", service!="search", severity="ticket"',
      },
      {
        name: 'duration',
        label: 'For',
        value: '2h',
        options: ['30m', '1h', '2h', '8h', '1d', '7d'],
        hint: 'a duration such as 2h; a silence always ends',
      },
      authorField('createdBy', 'Your name'),
      { name: 'comment', label: 'Why' },
    ],
    scene,
    submit: async (written) => {
      const matchers = (written.get('matchers') ?? '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
      const createdBy = keepAuthor(written.get('createdBy') ?? '')
      await post('api/v1/silences', {
        matchers,
        duration: written.get('duration'),
        createdBy,
        comment: written.get('comment'),
      })
      return `Silenced for ${written.get('duration')}.`
    },
  })
}

function matcherText({ name, value, isRegex, isEqual }: SilenceJson['matchers'][number]): string {
  return `${name}${isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!='}${JSON.stringify(value)}`
}
