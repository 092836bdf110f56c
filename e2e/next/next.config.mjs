import { dirname } from 'node:path'

// Pages become files, and packages are found in the directory above.
export default { output: 'export', turbopack: { root: dirname(import.meta.dirname) } }
