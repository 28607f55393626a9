import type { ReceivedRequest } from './delivery-http-server.ts'

/** A picture that people see. */
export interface SharedPicture {
  readonly channel: string
  readonly threadTs: string
  readonly title: string
  readonly altText: string
  readonly bytes: number
}

interface Upload {
  readonly length: number
  readonly altText: string
  state: 'announced' | 'there' | 'shared'
}

/** Uploads in three calls, as Slack takes them: announced with their length, sent to the address that was given, shared in a thread. */
export function slackFiles(isRoot: (channel: string, ts: string) => boolean) {
  const uploads = new Map<string, Upload>()
  const shared: SharedPicture[] = []

  function announce(fields: URLSearchParams, url: string) {
    const length = Number(fields.get('length'))
    const altText = fields.get('alt_txt') ?? ''
    const name = fields.get('filename') ?? ''
    if (name === '' || !Number.isInteger(length) || length < 1) return { ok: false, error: 'invalid_arguments' }
    if (altText === '' || altText.length > 1_000) return { ok: false, error: 'alt_txt_too_large' }
    const id = `F0PICTURE${uploads.size}`
    uploads.set(id, { length, altText, state: 'announced' })
    return { ok: true, file_id: id, upload_url: `${url}/upload/v1/${id}` }
  }

  function complete(fields: URLSearchParams) {
    const channel = fields.get('channel_id') ?? ''
    const threadTs = fields.get('thread_ts') ?? ''
    const files: readonly { readonly id: string; readonly title: string }[] = JSON.parse(fields.get('files') ?? '[]')
    if (files.length === 0) return { ok: false, error: 'invalid_arguments' }
    if (!isRoot(channel, threadTs)) return { ok: false, error: 'posting_to_channel_denied' }
    for (const { id, title } of files) {
      const upload = uploads.get(id)
      if (upload?.state !== 'there') return { ok: false, error: 'file_not_found' }
      upload.state = 'shared'
      shared.push({ channel, threadTs, title, altText: upload.altText, bytes: upload.length })
    }
    return { ok: true, files }
  }

  return {
    shared,
    isUpload: ({ path }: ReceivedRequest): boolean => path.startsWith('/upload/'),
    /** The status of the answer. */
    upload({ path, headers, body }: ReceivedRequest): number {
      const upload = uploads.get(path.split('/').at(-1) ?? '')
      if (upload === undefined) return 404
      const isWhole = Number(headers['content-length']) === upload.length && body.slice(1, 4) === 'PNG'
      if (isWhole) upload.state = 'there'
      return isWhole ? 200 : 400
    },
    handle(method: string, fields: URLSearchParams, url: string) {
      if (method === 'files.getUploadURLExternal') return announce(fields, url)
      return method === 'files.completeUploadExternal' ? complete(fields) : { ok: false, error: 'unknown_method' }
    },
  }
}
