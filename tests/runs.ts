/** What a model test repeats: few runs in `npm test`, all of them in `npm run test:long`. */
export function runsOf<Runs>({ few, all }: { readonly few: Runs; readonly all: Runs }): Runs {
  return process.env.LONG === '1' ? all : few
}
