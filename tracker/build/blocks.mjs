// A template is a script divided by comments: `/*!if a|!b*/` … `/*!else*/` … `/*!end*/`. A block is taken if any of its
// terms holds: `a` if the feature is wanted, `!b` if it is not. The server assembles variants the same way.

const mark = /\/\*!(?:if ([^*]*)|else|end)\*\//g

/** The variant of a template that has the given features. */
export function assemble(template, features) {
  return settle(template, name => features.includes(name))
}

/** Decides what is known about features, and leaves the rest of the template undecided. */
export function settle(template, isWanted) {
  // For each open block: whether it is taken, or `undefined` while that is undecided.
  const open = []
  let text = ''
  let from = 0
  for (const { 0: found, 1: terms, index } of template.matchAll(mark)) {
    const isTaken = () => open.every(taken => taken !== false)
    text += isTaken() ? template.slice(from, index) : ''
    from = index + found.length
    if (terms !== undefined) {
      const isReached = isTaken()
      const left = terms.split('|').filter(term => decide(term, isWanted) !== false)
      open.push(left.some(term => decide(term, isWanted)) || (left.length ? undefined : false))
      text += isReached && open.at(-1) === undefined ? `/*!if ${left.join('|')}*/` : ''
      continue
    }
    if (!open.length) {
      throw new Error('a block of the template ends that never began')
    }
    const taken = open.pop()
    text += taken === undefined && isTaken() ? found : ''
    if (found === '/*!else*/') {
      open.push(taken === undefined ? undefined : !taken)
    }
  }
  if (open.length) {
    throw new Error('a block of the template never ends')
  }
  return text + template.slice(from)
}

/** Every feature that a template still leaves open. */
export function featuresOf(template) {
  const terms = [...template.matchAll(mark)].flatMap(found => (found[1] ? found[1].split('|') : []))
  return [...new Set(terms.map(term => term.replace('!', '')))].sort()
}

/** How many marks divide a text. */
export const countMarks = text => [...text.matchAll(mark)].length

function decide(term, isWanted) {
  const wanted = isWanted(term.replace('!', ''))
  return wanted === undefined ? undefined : wanted !== term.startsWith('!')
}
