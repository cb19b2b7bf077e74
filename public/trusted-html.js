// The one policy through which htmx turns the server's answers into HTML. The server has escaped them; this refuses what
// no page of ours holds, and makes neither scripts nor their addresses: for those there is no policy at all.
window.trustedTypes?.createPolicy('default', {
  createHTML(html) {
    if (/<script|<iframe|<object|<embed|<base|\son[a-z]+\s*=|javascript:/i.test(html))
      throw new TypeError('No HTML of ours')
    return html
  },
})
