// An Action's code without the tenant around it: for measurements, which load it in their own process.
export { createApi } from './api/index.ts'
export { AttributedConsole } from './console.ts'
export { lazyModule, type Program } from './module.ts'
