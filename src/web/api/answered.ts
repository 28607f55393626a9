import type { HttpAnswer, HttpRequest } from '../../ports/http-route.ts'
import { errorAnswer } from './json-answer.ts'
import { RequestProblem } from './request-fields.ts'

/** A handler whose complaints about the request become an answer with status 400. */
export function answered(
  handle: (request: HttpRequest) => Promise<HttpAnswer> | HttpAnswer,
): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    try {
      return await handle(request)
    } catch (error) {
      if (error instanceof RequestProblem) return errorAnswer(400, error.message)
      throw error
    }
  }
}
