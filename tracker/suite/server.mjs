import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { makeRecorder } from './recorder.mjs'

const types = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.png': 'image/png' }
const suite = '/tests/javascript/'
const scripts = ['/tests/resources/matomo.test.js', '/js/piwik.js']

/** Serves the suite out of its checkout, with our script in place of the original. Resolves to address and end. */
export async function serveSuite(root, page, script) {
  const recorder = makeRecorder()

  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) {
      chunks.push(chunk)
    }
    const path = decodeURIComponent(request.url.split('?')[0])
    if (path === suite + 'matomo.php') {
      recorder.answer(request, response, Buffer.concat(chunks).toString('utf8'))
      return
    }
    if (path === suite || scripts.includes(path)) {
      response.setHeader('content-type', path === suite ? types['.html'] : types['.js'])
      response.end(path === suite ? page : script)
      return
    }
    try {
      const text = await readFile(join(root, normalize(path)))
      response.setHeader('content-type', types[extname(path)] || 'application/octet-stream')
      response.end(text)
    } catch {
      response.statusCode = 404
      response.end()
    }
  })
  await new Promise(resolve => server.listen(0, 'localhost', resolve))
  return {
    url: `http://localhost:${server.address().port}${suite}`,
    end: () => server.closeAllConnections() || server.close()
  }
}
