import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isProcessGone, processPlace } from './process-place.ts'

const ofChild = async () => {
  const script = `import('${import.meta.dirname}/process-place.ts').then((m) => { console.log(m.processPlace()); process.stdin.resume() })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { child, place: String(line).trim() }
}

test('a process is there while it lives, and gone when it was killed', async () => {
  const { child, place } = await ofChild()
  expect(isProcessGone(place)).toBe(false)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(isProcessGone(place)).toBe(true)
})

test('another process with the same number is not the one that is meant', () => {
  const [boot, namespace, pid, began] = (processPlace() ?? '').split(' ')
  expect(isProcessGone(`${boot} ${namespace} ${pid} ${began}`)).toBe(false)
  expect(isProcessGone(`${boot} ${namespace} ${pid} ${Number(began) - 1}`)).toBe(true)
})

test.each([null, '', 'elsewhere pid:[1] 1 1'])('of %s nothing can be said from here', (place) => {
  expect(isProcessGone(place)).toBe(false)
})
