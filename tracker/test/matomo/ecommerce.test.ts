import { expect, it } from 'vitest'
import { openTracked, own } from './open'

it('sends an order with its items, then has an empty cart', () => {
  const page = openTracked([
    ['addEcommerceItem', 'A1', 'Pot', ['Tea', 'Pots'], 12.5, 2],
    ['addEcommerceItem', 'B2'],
    ['addEcommerceItem', 'C3', 'Lid', 'Lids', 1, 1],
    ['removeEcommerceItem', 'C3'],
    ['trackEcommerceOrder', 'ORD 1', 27, 25, 1.5, 0.5, false],
    ['trackEcommerceCartUpdate', 0]
  ])
  page.pass(1000)
  expect(page.requests().map(own)).toEqual([
    {
      idgoal: '0',
      ec_id: 'ORD 1',
      revenue: '27',
      ec_st: '25',
      ec_tx: '1.5',
      ec_sh: '0.5',
      ec_items: '[["A1","Pot",["Tea","Pots"],12.5,2],["B2","","",0,1]]'
    },
    { idgoal: '0', revenue: '0', ec_items: '[]' }
  ])
})

it('keeps the cart over cart updates, and hands out copies of it', () => {
  const page = openTracked([['addEcommerceItem', 7, 'Pot', '', '', '']])
  page.tracker().getEcommerceItems()['7'][1] = 'changed'
  page.push('trackEcommerceCartUpdate', 9.99)
  expect(page.requests().map(own)).toEqual([{ idgoal: '0', revenue: '9.99', ec_items: '[["7","Pot","",0,1]]' }])
  expect(page.tracker().getEcommerceItems()).toEqual({ 7: ['7', 'Pot', '', '', ''] })
  page.push('clearEcommerceCart')
  expect(page.tracker().getEcommerceItems()).toEqual({})
})

it.each([
  [['trackEcommerceOrder', '', 1]],
  [['trackEcommerceOrder', 'A']],
  [['trackEcommerceCartUpdate']]
])('does not send %j', call => {
  expect(openTracked([call]).sent).toEqual([])
})

it.each([
  [['A1', 'Pot', 'Tea', 12.5], { _pkc: 'Tea', _pkp: '12.5', _pks: 'A1', _pkn: 'Pot' }],
  [['A1', '', ['Tea', 'Pots']], { _pkc: '["Tea","Pots"]', _pks: 'A1', _pkn: '' }],
  [['', '', 'Tea'], { _pkc: 'Tea' }],
  [[false, false, 'Tea', 0], { _pkc: 'Tea', _pkp: '0' }],
  [[5, 6, 7, ''], { _pkc: '7', _pks: '5', _pkn: '6' }]
])('sends the view of %j', (view, expected) => {
  const page = openTracked([['setEcommerceView', ...view], ['trackPageView']])
  expect(own(page.requests()[0])).toEqual({ action_name: 'Home', ...expected })
})
