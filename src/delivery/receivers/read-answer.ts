import { receiverAnswerBytesMax } from '../../core/model/limits.ts'

/** The body of an answer as text, but no more of it than any answer needs: the rest is not read. */
export async function readAnswer(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > receiverAnswerBytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, receiverAnswerBytesMax).toString()
}
