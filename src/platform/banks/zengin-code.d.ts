/** The npm package `zengin-code`: every bank and branch of Japan by its code. It brings no types. */
declare module 'zengin-code' {
  type Named = { readonly code: string; readonly name: string; readonly kana: string }

  const banks: Readonly<Record<string, Named & { readonly branches: Readonly<Record<string, Named>> }>>
  export default banks
}
