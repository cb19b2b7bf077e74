export type Bank = {
  /** Without 銀行, and 信金 for 信用金庫: みずほ, 北海道信金. */
  readonly name: string
  /** Branch code to name, without 支店. */
  branchName(code: string): string | undefined
}

export type Banks = { find(code: string): Bank | undefined }

/** The banks and branches of 統一金融機関コード. Five megabytes, so they are read only when somebody asks. */
export const openBanks = async (): Promise<Banks> => {
  const { default: banks } = await import('zengin-code')
  return {
    find(code) {
      const bank = Object.hasOwn(banks, code) ? banks[code] : undefined
      return bank && { name: bank.name, branchName: (branch) => bank.branches[branch]?.name }
    },
  }
}
