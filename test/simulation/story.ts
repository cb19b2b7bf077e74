/** What happened, for who reads why a history went wrong. Sentences are only made when somebody wants to read. */
export type Story = {
  tell(sentence: () => string): void
  lines(): readonly string[]
}

export const openStory = (nowMs: () => number, isRead: boolean): Story => {
  const told: string[] = []
  return {
    tell(sentence) {
      if (isRead) told.push(`${(nowMs() / 1_000).toFixed(3).padStart(9)} s  ${sentence()}`)
    },
    lines: () => told,
  }
}
