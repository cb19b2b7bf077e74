/** Where counting ends: beyond it one knows enough, and a page costs the same for ten and for a million. */
export const countedMax = 10_000
