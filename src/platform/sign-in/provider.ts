/** The creditor's identity provider, in words that know no protocol. */
export type SignInProvider = {
  /** Where a browser is sent in the end: pages of ours that lead there by a form have to be allowed to. */
  readonly origins: readonly string[]
  /** Fault `sign-in-unreachable` when the provider does not answer. */
  begin(): Promise<SignInBeginning>
  /** Of what the browser came back with. `refused`: the provider said no, or it is no answer to that beginning. */
  finish(returned: Readonly<Record<string, string | undefined>>, secrets: SignInSecrets): Promise<SignInEnd>
  /** Where signing out goes on; undefined when the provider has no such page. */
  signOutAddress(idToken: string): Promise<string | undefined>
}

export type SignInBeginning = { readonly address: string; readonly secrets: SignInSecrets }

/** Kept until the browser comes back, sealed. */
export type SignInSecrets = { readonly state: string; readonly nonce: string; readonly verifier: string }

export type SignInEnd =
  | { readonly kind: 'signed-in'; readonly person: ProvidedPerson }
  /** `because` is a word of the protocol, for the log. */
  | { readonly kind: 'refused'; readonly because: string }

export type ProvidedPerson = {
  readonly subject: string
  readonly name: string
  /** What the roles' claim holds, as the provider calls them. */
  readonly roleWords: readonly string[]
  readonly idToken: string
}
