import { status } from '#platform/gateways/smpp-status'
import type { Arrivals } from './carrier-arrivals.ts'
import type { Counts } from './carrier-counts.ts'
import type { Deliveries } from './carrier-deliveries.ts'
import type { Day, Decision, Intake } from './carrier-intake.ts'
import type { CarrierJournal } from './carrier-journal.ts'
import type { Peer, Submit } from './carrier-peer.ts'

/** Does what was decided about a submit_sm: notes when it came, writes down what is taken, and only then answers. */
export class Reception {
  readonly #options: ReceptionOptions

  constructor(options: ReceptionOptions) {
    this.#options = options
  }

  receive({ fields, respond }: Submit, { peer, account }: Submitter, day: Day): void {
    const { arrivals, intake, counts } = this.#options
    arrivals.note(peer.number, account, day.monotonicMs, day.now)
    const decision = intake.decide(account, fields, day)
    switch (decision.kind) {
      case 'refused':
        counts.submitted(decision.because)
        respond(decision)
        break
      case 'lost':
        counts.submitted('lost')
        break
      case 'cut-before':
        counts.submitted('cut-before')
        peer.destroy()
        break
      case 'taken':
        this.#take(decision, peer, respond)
    }
  }

  /** What is not written down was not taken: the sender hears an error and keeps the message. */
  #take(decision: Taken, peer: Peer, respond: Submit['respond']): void {
    const { journal, counts, deliveries } = this.#options
    const { message, afterMs } = decision
    journal.taken(message).then(
      () => {
        counts.submitted(message.answer)
        if (message.conduct.receipts === 'before-the-response') deliveries.end(message, message.submittedAt)
        else deliveries.add(message)
        answer(decision, peer, respond)
      },
      () => {
        counts.submitted('not-written')
        respond({ status: status.systemError, afterMs })
      },
    )
  }
}

export type ReceptionOptions = {
  readonly intake: Intake
  readonly arrivals: Arrivals
  readonly counts: Counts
  readonly journal: CarrierJournal
  readonly deliveries: Deliveries
}

type Submitter = { readonly peer: Peer; readonly account: string }

type Taken = Extract<Decision, { readonly kind: 'taken' }>

function answer({ message: { id, answer }, afterMs, tornAt }: Taken, peer: Peer, respond: Submit['respond']): void {
  switch (answer) {
    case 'answered':
      respond({ id, status: status.ok, afterMs })
      break
    case 'torn':
      respond({ id, status: status.ok, afterMs, tornAt })
      break
    case 'cut-after':
      peer.destroy()
      break
    case 'unanswered':
  }
}
