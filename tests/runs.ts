/** How often a model test repeats: seldom in `npm test`, as often as it takes in `npm run test:long`. */
export function runsOf({ few, all }: { readonly few: number; readonly all: number }): number {
  return process.env.LONG === '1' ? all : few
}
