// Stands in for the suite's `matomo.php`: keeps tracking requests by their token, and gives them back when asked.

const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

export function makeRecorder() {
  const byToken = new Map()

  function keep(token, uri) {
    byToken.set(token, (byToken.get(token) || []).concat(uri))
  }

  function record(uri, method, body) {
    const given = (parameters(uri.split('?')[1] || '').data || parameters(body).data) ?? null
    if (given === null) {
      return false
    }
    const token = parsed(given)?.token ?? ''
    const bulk = method === 'POST' ? parsed(body)?.requests : undefined
    if (bulk) {
      for (const request of bulk) {
        keep(token || /data=%7B%22token%22%3A%22([a-zA-Z0-9]*)%22%7D/.exec(request)?.[1] || '', uri + request)
      }
    } else {
      keep(token, method === 'POST' ? uri + '?' + body : uri)
    }
    return true
  }

  return {
    /** Answers a request to `matomo.php`. */
    answer(request, response, body) {
      const wanted = /\?requests=([^&]*)/.exec(request.url)
      if (wanted) {
        const uris = byToken.get(wanted[1]) || []
        const rows = [uris.length, ...uris].map(row => `<span>${row}</span>\n`)
        response.setHeader('content-type', 'text/html; charset=utf-8')
        response.end(`<html><head><title>${wanted[1]}</title></head><body>\n${rows.join('')}</body></html>\n`)
      } else if (record(request.url, request.method, body)) {
        response.setHeader('content-type', 'image/gif')
        response.end(pixel)
      } else {
        response.statusCode = 400
        response.end()
      }
    }
  }
}

function parameters(text) {
  return Object.fromEntries(new URLSearchParams(text))
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
