// Takes the code out of the SMS where the browser offers it, and counts the seconds until another SMS may be asked for.

const code = document.getElementById('code')
if ('OTPCredential' in window && code) {
  const stop = new AbortController()
  code.form.addEventListener('submit', () => stop.abort())
  navigator.credentials
    .get({ otp: { transport: ['sms'] }, signal: stop.signal })
    .then((credential) => {
      if (credential?.code && code.value === '') code.value = credential.code
    })
    .catch(() => {})
}

const wait = document.getElementById('wait')
if (wait) {
  const readyAt = Date.now() + Number(wait.dataset.seconds) * 1_000
  const timer = setInterval(() => {
    const seconds = Math.ceil((readyAt - Date.now()) / 1_000)
    wait.textContent =
      seconds > 0 ? `続けて再送信する場合は、${seconds}秒後にお試しください。` : '再送信ボタンを押していただけます。'
    if (seconds <= 0) clearInterval(timer)
  }, 1_000)
}
