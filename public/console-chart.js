// Draws a line or bars from the table that stands under every chart. The table is the truth; without this it stands alone.
const colours = () => {
  const style = getComputedStyle(document.documentElement)
  const of = (name) => style.getPropertyValue(name).trim()
  return { lines: [of('--key'), of('--good'), of('--warn')], ink: of('--ink-soft'), grid: of('--line') }
}

const chartHeight = 180

const dashes = [[], [6, 4], [2, 3]]

function draw(figure) {
  const table = figure.querySelector('table')
  const rows = [...table.tBodies[0].rows]
  const drawn = [...table.tHead.rows[0].cells].flatMap((cell, n) => ('drawn' in cell.dataset ? [{ cell, n }] : []))
  const columns = drawn.map(({ n }) => rows.map((row) => numberIn(row.cells[n])))
  if (rows.length < 2 || !columns.flat().some((value) => value > 0)) return
  const place = document.createElement('div')
  place.className = 'chart'
  place.setAttribute('role', 'img')
  place.setAttribute('aria-label', `${table.caption.textContent}（グラフ。数値は下の表にあります）`)
  figure.prepend(place)
  let chart
  const drawNow = () => {
    chart?.destroy()
    chart = new uPlot(options(figure, drawn, rows, place.clientWidth), [rows.map((_, n) => n), ...columns], place)
  }
  drawNow()
  legend(place, drawn)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawNow)
  let width = place.clientWidth
  addEventListener('resize', () => {
    if (place.clientWidth === width) return
    width = place.clientWidth
    chart.setSize({ width, height: chartHeight })
  })
}

const numberIn = (cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value))

function options(figure, drawn, rows, width) {
  const { lines, ink, grid } = colours()
  const isShare = figure.dataset.unit === '%'
  const isBars = figure.dataset.chart === 'bars'
  const label = (n) => rows[n]?.cells[0].textContent ?? ''
  const words = (value) => (isShare ? `${Math.round(value * 100)}%` : value.toLocaleString('ja-JP'))
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } }
  return {
    width,
    height: chartHeight,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, rows.length - 0.4] },
      y: { range: (_chart, _min, max) => [0, isShare ? Math.min(1, max * 1.15 || 1) : max * 1.15 || 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 3, 4, 6, 7, 12, 14, 28],
        values: (_chart, at) => at.map((n) => (Number.isInteger(n) ? label(n) : '')),
        space: 70,
      },
      { ...axis, values: (_chart, at) => at.map(words), size: 56 },
    ],
    series: [
      {},
      ...drawn.map(({ cell }, n) => ({
        label: cell.textContent,
        stroke: lines[n],
        width: 2,
        dash: dashes[n],
        points: { show: !isBars, size: 6, fill: lines[n] },
        ...(isBars && { fill: lines[n], paths: uPlot.paths.bars({ size: [0.6, 48] }) }),
      })),
    ],
  }
}

// Which line is which is said in words and by its dashes, not by colour alone.
function legend(place, drawn) {
  if (drawn.length < 2) return
  const list = document.createElement('p')
  list.className = 'chart-legend'
  drawn.forEach(({ cell }, n) => {
    const item = document.createElement('span')
    item.className = `line-${n + 1}`
    item.textContent = cell.textContent
    list.append(item)
  })
  place.after(list)
}

for (const figure of document.querySelectorAll('figure[data-chart]')) draw(figure)
