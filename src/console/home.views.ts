import { html } from '#platform/html/html'
import type { Frame } from './frame.ts'
import { type ConsoleLook, consolePage } from './layout.views.ts'

export const homePage = (look: ConsoleLook, frame: Frame): string =>
  consolePage(look, frame, { title: 'ホーム', here: 'home', body: html`<h1>ホーム</h1>` })
