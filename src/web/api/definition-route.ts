import type { DefinitionView, SloDefinition } from '../../ports/definition-view.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { DefinitionJson } from '../ui/browser/wire.ts'
import { dataAnswer, errorAnswer, unixSeconds } from './json-answer.ts'

/** `GET /api/v1/slos/{name}/definition`: where an SLO is declared, the text of it, and what it counts. */
export function definitionRoute(view: DefinitionView): HttpRoute {
  return {
    method: 'GET',
    path: '/api/v1/slos/:name/definition',
    handle: ({ params }) => {
      const definition = view.definition(params['name'] ?? '')
      if (definition === undefined) return errorAnswer(404, `no SLO is called ${JSON.stringify(params['name'])}`)
      return dataAnswer(definitionJson(definition))
    },
  }
}

function definitionJson({ at, rules, ...rest }: SloDefinition): DefinitionJson {
  return {
    file: at.file,
    line: at.line,
    ...rest,
    rules: { hash: rules.hash, readAt: rules.readAt / 1_000, changedAt: unixSeconds(rules.changedAt) },
  }
}
