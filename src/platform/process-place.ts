import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Names this process so that another one on the same machine can tell whether it is gone: the boot, the namespace of its
 * number, the number, and when it began, for numbers come round again. Nothing where the system does not tell.
 */
export const processPlace = (): string | undefined => {
  const began = beganAt(process.pid)
  const here = machine()
  return here === undefined || began === undefined ? undefined : `${here} ${process.pid} ${began}`
}

/** Whether that process has surely ended. False of a process elsewhere: of that nothing can be said from here. */
export const isProcessGone = (place: string | null): boolean => {
  if (place === null) return false
  const [boot, namespace, pid, began] = place.split(' ')
  if (machine() !== `${boot} ${namespace}`) return false
  return beganAt(Number(pid)) !== began
}

const machine = (): string | undefined =>
  told(() => `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`)

/** In ticks since the boot (proc(5), field 22 of stat); nothing of a process that has ended. */
const beganAt = (pid: number): string | undefined =>
  told(() => {
    // The name in brackets may hold anything, blanks and brackets included.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const [state] = fields
    return state === 'Z' || state === 'X' ? undefined : fields[19]
  })

const told = <T>(look: () => T): T | undefined => {
  try {
    return look()
  } catch {
    return undefined
  }
}
