const patience = 60_000

/** Tries until it succeeds, and fails as the last try did when that takes longer than a minute. */
export async function eventually(attempt, limit = patience) {
  const end = Date.now() + limit
  for (;;) {
    try {
      return await attempt()
    } catch (problem) {
      if (Date.now() > end) throw problem
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** A signal that gives a request up which takes longer than a minute. */
export const inTime = () => AbortSignal.timeout(patience)
