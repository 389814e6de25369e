/** How many random runs a model test makes: few in `npm test`, all of them in `npm run test:long`. */
export function runsOf({ few, all }: { readonly few: number; readonly all: number }): number {
  return process.env.LONG === '1' ? all : few
}
