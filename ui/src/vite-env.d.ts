/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module 'virtual:world-map' {
  const world: { width: number; height: number; shapes: [code: string, path: string][]; dots: [code: string, x: number, y: number][] };
  export default world;
}
