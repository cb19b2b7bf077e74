import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Site } from './site.ts'

/** One address for many sites, one after the other. */
export type SiteFront = {
  /** From now on the address leads to this site, and the site says the address as its own. */
  show(site: Site): Site
  close(): Promise<void>
}

/**
 * A browser takes another port for another origin, and our headers make it start another process for each: cold, and
 * for every one of ninety sites. Behind one address it stays warm.
 */
export async function openFront(): Promise<SiteFront> {
  let port = 0
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((outer) => {
    const inner = connect(port, '127.0.0.1')
    keep(outer)
    keep(inner)
    outer.pipe(inner).pipe(outer)
    outer.on('close', () => inner.destroy())
    inner.on('close', () => outer.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    show(site) {
      // What is kept open leads to the site before.
      hangUp()
      port = Number(new URL(site.address).port)
      return { ...site, address }
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        hangUp()
      }),
  }
}
