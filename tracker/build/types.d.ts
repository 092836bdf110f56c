declare module '*/build/matomo.mjs' {
  export const pluginMark: string
  export function buildMatomo(options?: { debug?: boolean }): Promise<string>
}
declare module '*/build/plausible.mjs' {
  export const extensions: string[]
  export const configMark: string
  export function buildPlausible(): Promise<{ template: string; compatTemplate: string; site: string }>
}
declare module '*/build/blocks.mjs' {
  export function assemble(template: string, features: string[]): string
  export function settle(template: string, isWanted: (name: string) => boolean | undefined): string
  export function featuresOf(template: string): string[]
}
declare module '*/build/embed.mjs' {
  export function buildEmbedHost(): Promise<string>
}
declare module '*/build/weigh.mjs' {
  export function gzipped(text: string): number
}
