/** A header as text: the first where it was sent several times, "" where it was not sent. */
export function headerText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}

/** What is wrong with a header, as an answer tells its sender; what anybody may have sent is cut. */
export function shownHeader(value: string): string {
  return value === '' ? 'is missing' : `${JSON.stringify(value.slice(0, 200))} is not understood`
}
