// Loads an Action's code without a tenant, for measurements in their own process.
export { createApi } from './api/index.ts'
export { AttributedConsole } from './console.ts'
export { lazyModule, type Program } from './module.ts'
