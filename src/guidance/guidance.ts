export { type GuidanceSite, guidanceRoutes } from './guidance.pages.ts'
export { type GuidanceAssets, guidanceAssets } from './look.pages.ts'
export { urls } from './urls.ts'
export type { GuidanceWorld } from './world.ts'
