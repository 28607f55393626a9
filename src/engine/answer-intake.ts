import type { EpochMs } from '../core/model/units.ts'
import type { Answer, AnswerSink, Question } from '../ports/answer-sink.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'

/** Takes the answers to queries and books them as the events of their time. */
export function answerIntake(counting: Counting): AnswerSink {
  return {
    questions: () => [...counting.slos.values()].flatMap(questionOf),
    answeredUntil: ({ slo }, region) => {
      const until = counting.regions.get(region)?.slos.get(slo)?.madeUntil
      return until !== undefined && Number.isFinite(until) ? until : undefined
    },
    book: (question, answer) => {
      const compiled = counting.slos.get(question.slo)
      // Another question may have taken the name since this one was asked.
      if (compiled === undefined || compiled.slo.indicator !== question.indicator) return false
      return book(counting, compiled, answer)
    },
  }
}

function questionOf({ id, slo: { indicator } }: CompiledSlo): Question[] {
  return indicator.kind === 'query' ? [{ slo: id, indicator }] : []
}

function book(counting: Counting, compiled: CompiledSlo, { region: name, from, to, bad, total }: Answer): boolean {
  const region = counting.region(name)
  const counts = counting.countsIn(region, compiled, beforeAllData)
  if (from < counts.madeUntil || to <= from) return false
  const { columns, history, seen } = counts
  history.advanceTo(to)
  history.add(columns[0], from, to, bad)
  history.add(columns[1], from, to, total)
  seen.see(from, to)
  counts.madeUntil = to
  region.answerArrived(from, to)
  return true
}

/** Answers are no counters that could have been missed. */
const beforeAllData: EpochMs = Number.NEGATIVE_INFINITY
