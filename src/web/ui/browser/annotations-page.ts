import { ask, post, remove } from './api.ts'
import { type Child, h } from './dom.ts'
import { instantText, momentText, unknown } from './figures.ts'
import { author, authorField, form, keepAuthor, outcomeOf, perform } from './forms.ts'
import type { AnnotationJson } from './notice-answers.ts'
import type { Page, Scene } from './page.ts'
import { cell, scrollTable } from './tables.ts'

/** What was changed, for whoever asks what changed; notes new ones. */
export const annotationsPage: Page = {
  title: 'Changes',
  nav: 'annotations',
  draw: async (scene) => {
    const { annotations } = await ask<{ annotations: readonly AnnotationJson[] }>('api/v1/annotations', {
      limit: '200',
    })
    return [
      h('h1', {}, 'Changes'),
      h(
        'p',
        { class: 'about' },
        'Deployments and whatever else was done. Messages and timelines of incidents near them name them. Times are in UTC.',
      ),
      annotations.length === 0 ? h('p', { class: 'none' }, 'None was noted.') : table(annotations, scene),
      newAnnotation(scene),
    ]
  },
}

function table(annotations: readonly AnnotationJson[], scene: Scene): Child {
  const { now } = scene.known
  const rows = annotations.map(({ id, kind, text, service, region, at, url, createdBy }) => {
    const told =
      url !== null && /^https?:/i.test(url)
        ? h('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, text)
        : text
    return h(
      'tr',
      { key: id },
      cell('When', momentText(at, now)),
      cell('Kind', kind),
      h('th', { scope: 'row', class: 'wrap' }, told),
      cell('Service', service ?? 'every service'),
      cell('Region', region ?? 'every region'),
      cell('Who', createdBy === '' ? unknown : createdBy),
      h('td', { class: 'act' }, withdrawButton(id, `${kind} ${text}`, scene)),
    )
  })
  return scrollTable('Changes', ['When', 'Kind', 'What', 'Service', 'Region', 'Who', ''], rows)
}

function withdrawButton(id: string, name: string, scene: Scene): Child {
  const withdraw = async (): Promise<string> => {
    const by = author() === '' ? 'the web page' : author()
    await remove(`api/v1/annotations/${encodeURIComponent(id)}`, { by })
    return `${name} is taken back.`
  }
  const click = (): void => void perform(`withdraw-${id}`, withdraw, scene)
  return [h('button', { 'aria-label': `Take back ${name}`, click }, 'Take back'), outcomeOf(`withdraw-${id}`)]
}

function newAnnotation(scene: Scene): Child {
  const { address, known } = scene
  const services = [...new Set([...known.rows.values()].map(({ service }) => service))].sort()
  const regions = [
    ...new Set([...known.rows.values()].flatMap((row) => row.regions.map(({ region }) => region))),
  ].sort()
  return form({
    id: 'annotation',
    title: 'Note a change',
    action: 'Note it',
    fields: [
      {
        name: 'kind',
        label: 'Kind',
        value: 'deploy',
        options: ['deploy', 'config', 'flag', 'failover', 'migration'],
        hint: 'one short word',
      },
      { name: 'text', label: 'What', hint: 'such as a commit' },
      { name: 'service', label: 'Service', value: address.get('service') ?? '', options: services, isOptional: true },
      { name: 'region', label: 'Region', options: regions, isOptional: true },
      {
        name: 'at',
        label: 'When',
        value: '',
        isOptional: true,
        hint: `now where it is left out; else such as ${instantText(known.now)}`,
      },
      { name: 'url', label: 'Link', kind: 'url', isOptional: true },
      authorField('createdBy', 'Your name'),
    ],
    scene,
    submit: async (written) => {
      keepAuthor(written.get('createdBy') ?? '')
      await post('api/v1/annotations', Object.fromEntries([...written].filter(([, value]) => value !== '')))
      return 'Noted.'
    },
  })
}
