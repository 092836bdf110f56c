import { Footfall } from './footfall.mjs'

/** A running server that is ended when the test `t` ends. */
export async function startServer(t) {
  const server = await Footfall.start()
  t.after(() => server.remove())
  return server
}
