import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Desk } from './desk.ts'
import { fieldsOf } from './fields.ts'
import { readFormId } from './form-id.ts'
import type { Asked, Reply, Sent, SentFile, UploadRoute } from './route.ts'
import { isFromOurPages } from './same-origin.ts'
import { sendReply } from './sending.ts'
import { formIdField, submitOnce } from './submissions.ts'
import { sendTrouble } from './trouble.ts'

/** In a scope of its own: every other route goes on refusing bodies of this type. */
export function addUpload(
  app: FastifyInstance,
  desk: Desk,
  route: UploadRoute,
  askedBy: (request: FastifyRequest) => Asked,
): void {
  app.register(async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false })
    scope.post(route.path, async (request, reply) => {
      if (!isFromOurPages(request.headers, desk.siteOrigin)) return sendTrouble(request, reply, desk, 403)
      return sendReply(request, reply, desk, await answerUpload(desk, route, request, askedBy(request)))
    })
  })
}

async function answerUpload(desk: Desk, route: UploadRoute, request: FastifyRequest, asked: Asked): Promise<Reply> {
  const { fields, part } = await readFields(request, route.bytesMax)
  const sent: Sent = { ...asked, form: fields }
  const formId = readFormId(desk.vault, fields[formIdField], sent)
  try {
    const refused = await route.admit?.(sent)
    if (refused !== undefined) return refused
    if (formId === undefined) return await route.again(sent, 'expired')
    const result = await submitOnce(
      { db: desk.db, seal: desk.vault },
      { formId, path: sent.path, sent },
      { commits: 'by-itself', run: () => route.take({ ...sent, file: fileOf(part) }) },
    )
    return result.kind === 'changed' ? await route.again(sent, 'changed') : result
  } finally {
    // A browser reads the answer only when all it has to say was heard.
    if (part !== undefined && !part.file.destroyed) part.file.resume()
  }
}

/** The fields stand before the file, so nothing has to be kept to know who sends what. */
async function readFields(request: FastifyRequest, bytesMax: number) {
  const fields: Record<string, string> = {}
  const limits = { fields: 40, fieldSize: 4_096, files: 1, fileSize: bytesMax }
  const parts = request.parts({ limits })[Symbol.asyncIterator]()
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    if (next.value.type === 'file') return { fields: fieldsOf(fields), part: next.value }
    if (typeof next.value.value === 'string') fields[next.value.fieldname] = next.value.value
  }
  return { fields: fieldsOf(fields), part: undefined }
}

function fileOf(part: MultipartFile | undefined): SentFile['file'] {
  return { name: part?.filename ?? '', bytes: part === undefined ? noBytes() : bytesOf(part) }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

async function* bytesOf({ file }: MultipartFile): AsyncGenerator<Uint8Array> {
  for await (const chunk of file) yield chunk as Buffer
  if (file.truncated) throw Object.assign(new Error('The file is longer than this page takes.'), { statusCode: 413 })
}
