// Builds the scripts once, for all tests.

import type { TestProject } from 'vitest/node'
import { buildEmbedHost } from '../build/embed.mjs'
import { buildMatomo } from '../build/matomo.mjs'
import { buildPlausible } from '../build/plausible.mjs'

export default async function setup(project: TestProject): Promise<void> {
  const [matomo, plausible, embedHost] = await Promise.all([buildMatomo(), buildPlausible(), buildEmbedHost()])
  project.provide('scripts', { matomo, ...plausible, embedHost })
}

declare module 'vitest' {
  export interface ProvidedContext {
    scripts: { matomo: string; template: string; compatTemplate: string; site: string; embedHost: string }
  }
}
