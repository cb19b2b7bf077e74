/** The web server: what every page, form and file of ours has in common. */

export { readStyle } from '#platform/html/style'
export { readScript, type Script } from './assets.ts'
export * from './route.ts'
export { type HttpServer, startHttp } from './server.ts'
export { formIdField } from './submissions.ts'
