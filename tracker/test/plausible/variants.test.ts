import { Script } from 'node:vm'
import { expect, it } from 'vitest'
import { assemble, featuresOf, settle } from '../../build/blocks.mjs'
import { extensions } from '../../build/plausible.mjs'
import { gzipped } from '../../build/weigh.mjs'
import { variant } from './open'

const subsets = extensions.reduce<string[][]>(
  (found, one) => found.concat(found.map(subset => [...subset, one])),
  [[]]
)

it('makes a whole script within its budget for every set of extensions', () => {
  expect(subsets).toHaveLength(1024)
  const over = subsets.filter(subset => {
    const script = variant(...subset)
    new Script(script)
    return script.includes('/*') || gzipped(script) > (subset.length ? 2000 : 1000)
  })
  expect(over).toEqual([])
})

it.each([
  ['a/*!if x*/b/*!end*/c', [], 'ac'],
  ['a/*!if x*/b/*!end*/c', ['x'], 'abc'],
  ['/*!if x*/a/*!else*/b/*!end*/', [], 'b'],
  ['/*!if x*/a/*!else*/b/*!end*/', ['x'], 'a'],
  ['/*!if x|y*/a/*!end*/', ['y'], 'a'],
  ['/*!if !x*/a/*!end*/', [], 'a'],
  ['/*!if !x|y*/a/*!end*/', ['x'], ''],
  ['/*!if !x|y*/a/*!end*/', ['x', 'y'], 'a'],
  ['/*!if x*/a/*!if y*/b/*!else*/c/*!end*/d/*!end*/', ['y'], ''],
  ['/*!if x*/a/*!if y*/b/*!else*/c/*!end*/d/*!end*/', ['x'], 'acd'],
  ['/*!if x*/a/*!else*//*!if y*/b/*!end*/c/*!end*/', ['y'], 'bc']
])('assembles %s with %j', (template, features, expected) => {
  expect(assemble(template, features)).toBe(expected)
})

it.each([['a/*!end*/'], ['/*!else*/'], ['/*!if x*/a']])('refuses %s', template => {
  expect(() => assemble(template, [])).toThrow('a block of the template')
})

it('settles some features and leaves the others open', () => {
  const template = '/*!if x|y*/a/*!else*/b/*!end*//*!if x*/c/*!end*//*!if !x*/d/*!if y*/e/*!end*//*!end*/'
  const without = settle(template, name => (name === 'x' ? false : undefined))
  expect(without).toBe('/*!if y*/a/*!else*/b/*!end*/d/*!if y*/e/*!end*/')
  expect(featuresOf(without)).toEqual(['y'])
  expect(settle(template, name => (name === 'x' ? true : undefined))).toBe('ac')
})
