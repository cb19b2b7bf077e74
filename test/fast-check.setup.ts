import fc from 'fast-check'

/** The same examples on every run: what fails once fails again. ANNAI_SEED=random looks for new ones. */
const seed = process.env.ANNAI_SEED ?? '20261124'
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })
