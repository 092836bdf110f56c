import { createServer } from 'node:http'

/**
 * Serves the pages of made-up sites. `sites` maps host to path to a page: its HTML, or `{ body, type, headers }`. Every
 * other address answers a page without anything on it.
 */
export async function servePages(sites) {
  const server = createServer((request, response) => {
    const { host, pathname } = new URL(request.url, `http://${request.headers.host}`)
    const found = sites[host]?.[pathname]
    const { body, type = 'text/html; charset=utf-8', headers = {} } = typeof found === 'object' ? found : { body: found }
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', ...headers })
    response.end(body ?? page('Elsewhere', ''))
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

/** A page with a title. `head` is where snippets go. */
export const page = (title, body, head = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`

/** A script file. */
export const script = body => ({ body, type: 'application/javascript' })

/** A file that a browser saves instead of showing it. */
export const file = { body: '%PDF-1.4\n%%EOF\n', type: 'application/pdf', headers: { 'content-disposition': 'attachment' } }
