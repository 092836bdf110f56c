// Turns the suite's PHP page into the HTML it would answer, without PHP.

import { createHash, randomBytes } from 'node:crypto'

const binary = text => Buffer.from(text, 'utf8').toString('latin1')
const sha1 = text => createHash('sha1').update(text).digest('hex')

/** The suite's page, testing the given script text where the suite wants to lint it. */
export function renderPage(php, script) {
  const queued = /echo '\n(var _paq[\s\S]*?)\n';/.exec(php)
  if (!queued) {
    throw new Error('the page of the suite has no queue: this checkout is of another age')
  }
  const quoted = JSON.stringify(script).slice(1, -1).replace(/'/g, "\\'").replace(/<\//g, '<\\/')
  const html = php
    .replace(/<\?php\s+if \(\$mysql\) \{\s+echo '[\s\S]*?\?>/, () => queued[1])
    .replace(/<\?php \$token = md5\(uniqid\(mt_rand\(\), true\)\); echo \$token; \?>/g, () =>
      randomBytes(16).toString('hex')
    )
    .replace(/<\?php echo \$targetFileName \?>/g, '/tests/resources/matomo.test.js')
    .replace(/<\?php echo \$cacheBuster;? \?>/g, 'nocache')
    .replace(/<\?php echo utf8_encode\("([^"]*)"\); \?>/g, (_, text) => binary(text))
    .replace(/<\?php echo sha1\("([^"]*)"\); \?>/g, (_, text) => sha1(text))
    .replace(/<\?php echo getLineCountJsLintStarted[^?]*\?>/g, '0')
    .replace(/var src = '<\?php[\s\S]*?\?>'/, () => `var src = '${quoted}'`)
    // What is left includes other plugins' tests, or opens and closes what needs a database: the server has one.
    .replace(/<\?php[\s\S]*?\?>/g, '')
  if (html.includes('<?')) {
    throw new Error('the page of the suite has PHP that is not known here')
  }
  return html
}
