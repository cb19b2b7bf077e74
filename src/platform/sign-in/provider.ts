/** The creditor's identity provider, in words that know no protocol. */
export type SignInProvider = {
  /** Where a browser may be sent: a page of ours that leads there by a form has to be allowed to. */
  readonly origins: readonly string[]
  begin(): Promise<SignInBeginning>
  /** What came back, whole. Fault `sign-in-refused` when it is no answer to that beginning. */
  finish(returned: URL, secrets: SignInSecrets): Promise<SignedIn>
  /** Where signing out goes on, when the provider knows such a page. */
  signOutAddress(idToken: string | undefined): Promise<string | undefined>
}

export type SignInBeginning = { readonly address: string; readonly secrets: SignInSecrets }

/** Kept until the browser comes back, sealed. */
export type SignInSecrets = { readonly state: string; readonly nonce: string; readonly verifier: string }

export type SignedIn = {
  readonly subject: string
  readonly name: string
  /** What the roles' claim holds, as the provider calls them. */
  readonly roleWords: readonly string[]
  readonly idToken: string
}
