import assert from 'node:assert/strict'
import { eventually } from './eventually.mjs'

/** A page that collects what went wrong on it: uncaught errors, and what the security policy refused. */
export async function watched(context) {
  const page = await context.newPage()
  page.troubles = []
  page.on('pageerror', error => page.troubles.push(error.message))
  page.on('console', message => {
    // A refused request shows up here too; the page's own answer to it is what counts.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.troubles.push(message.text())
  })
  return page
}

/** Fills in the form that asks who one is. */
export async function signIn(page, login, password) {
  await page.getByLabel('Login or e-mail').fill(login)
  await page.getByLabel('Password').fill(password)
  const answered = page.waitForResponse(response => response.url().endsWith('/api/v1/login'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await answered
}

/** What a site's dashboard shows. */
export function dashboard(page) {
  const panel = title => page.locator('section.panel', { has: page.getByRole('heading', { name: title, exact: true }) })
  const value = name => page.locator('.tile', { has: page.getByText(name, { exact: true }) }).locator('.value')
  return {
    /** The text of a figure. */
    figure: async name => (await value(name).textContent()).trim(),
    /** Waits until a figure is this text. */
    shows: (name, text) =>
      eventually(async () => assert.equal((await value(name).textContent()).trim(), text, name)),
    /** The rows of a panel's first table, from name to figure. */
    async rows(title) {
      await panel(title).scrollIntoViewIfNeeded()
      await panel(title).locator('tbody tr').first().waitFor()
      const rows = await panel(title).locator('tbody tr').all()
      const cells = rows.map(async row => [
        (await row.locator('button').first().textContent()).trim(),
        (await row.locator('.value').first().textContent()).trim()
      ])
      return Object.fromEntries(await Promise.all(cells))
    }
  }
}
