export * from './stack/reading.ts'
