import { formatProblem, isError, type Problem } from '../../core/model/problem.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import { dataAnswer, errorAnswer } from './json-answer.ts'

/** `POST /-/reload`: loads config and rules again; 500 with all problems when the old ones stay in force. */
export function reloadRoute(reload: () => Promise<readonly Problem[]>): HttpRoute {
  return {
    method: 'POST',
    path: '/-/reload',
    // Whoever is on this machine may send SIGHUP as well.
    isWrite: 'from-afar',
    handle: async () => {
      const problems = await reload()
      const errors = problems.filter(isError)
      const texts = problems.map(formatProblem)
      if (errors.length === 0) return dataAnswer({ reloaded: true, problems: texts })
      return errorAnswer(500, 'not reloaded, the old config and rules stay in force', { problems: texts })
    },
  }
}
