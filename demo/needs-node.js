// Runs before the commands, under any Node: an older one would stop at a syntax error.
if (!process.features.typescript) {
  console.error(
    `Backendless login needs Node 22.18 or newer, and this is ${process.version}. ` +
      'Run `npm ci`, which brings its own, and then the npm script.',
  )
  process.exit(1)
}
