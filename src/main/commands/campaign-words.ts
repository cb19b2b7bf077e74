import type { CampaignState } from '#outreach'
import { toRfc3339Jst } from '#values/day'

/** 配信中, 期限切れ, 一時停止 with who, when and why, and so on. */
export const stateInWords = (state: CampaignState): string => {
  switch (state.kind) {
    case 'not-approved':
      return '未承認'
    case 'sending':
      return '配信中'
    case 'outside-hours':
      return state.next === undefined
        ? '時間外（配信できる日がありません）'
        : `時間外（次 ${toRfc3339Jst(state.next)}）`
    case 'paused':
      return `一時停止（${said(state)}）`
    case 'cancelled':
      return `中止（${said(state)}）`
    case 'expired':
      return `期限切れ（${toRfc3339Jst(state.since)} から。未送信のものは送られません）`
    case 'through':
      return '完了'
  }
}

const said = ({ at, by, because }: Extract<CampaignState, { readonly by: string }>): string =>
  [toRfc3339Jst(at), by, ...(because === null ? [] : [because])].join(' ')

/** The same as JSON: instants in Japan. */
export const stateAsJson = (state: CampaignState): object => {
  switch (state.kind) {
    case 'not-approved':
    case 'sending':
    case 'through':
      return state
    case 'outside-hours':
      return { ...state, next: state.next === undefined ? null : toRfc3339Jst(state.next) }
    case 'expired':
      return { ...state, since: toRfc3339Jst(state.since) }
    case 'paused':
    case 'cancelled':
      return { ...state, at: toRfc3339Jst(state.at) }
  }
}
