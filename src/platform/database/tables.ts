// Filled by `npm run schema`.
// biome-ignore lint/complexity/noBannedTypes: replaced by the generated type.
export type Tables = {}
