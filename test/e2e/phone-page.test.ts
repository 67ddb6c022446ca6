import type { Browser, BrowserContext, Page } from 'playwright-core'
import { findBrowser, openBrowser } from '../support/browser.js'
import { ownDev, type Dev } from '../support/dev.js'

jest.setTimeout(120_000)

const program = findBrowser()
if (!program)
  process.stderr.write(
    'skipped: no browser is here. Install one (apt-get install chromium), then run this again.\n',
  )
const described = program ? describe : describe.skip

described('the phone page', () => {
  let dev: Dev
  let browser: Browser | undefined
  let context: BrowserContext | null = null

  beforeAll(async () => {
    dev = await ownDev()
    await dev.start()
    browser = await openBrowser(program ?? '')
  })
  afterEach(async () => {
    await context?.close()
    context = null
  })
  afterAll(async () => {
    await browser?.close()
    await dev.remove()
  })

  /** The page as somebody new sees it: a phone that nobody has used. */
  async function open(look: {
    width: number
    height: number
    colorScheme?: 'light' | 'dark'
  }): Promise<Page> {
    const { width, height, colorScheme = 'light' } = look
    context = await (browser as Browser).newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(`${dev.url}/phone`)
    await connected(page)
    return page
  }

  const connected = (page: Page) => page.locator('#link[data-state=connected]').waitFor()
  const answers = (page: Page) => page.getByRole('article', { name: /^235246, .*, delivered$/ })
  const focused = (page: Page) => page.locator(':focus')

  async function freshPhone(page: Page): Promise<void> {
    const narrow = page.getByRole('button', { name: 'phones' })
    if (await narrow.isVisible()) await narrow.click()
    await page.getByRole('button', { name: '+ another phone' }).click()
    await connected(page)
  }

  /** What sticks out sideways, by its id, class or name; what only a screen reader sees is 1 px wide. */
  const sticksOut = (page: Page) =>
    page.evaluate(`[...document.querySelectorAll('body, body *')]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible' ||
        one.getBoundingClientRect().right > innerWidth + 1)
      .filter((one) => one.checkVisibility() && one.clientWidth > 1)
      .map((one) => one.id || one.className || one.tagName)`)

  test.each([
    { width: 390, height: 844, colorScheme: 'light' },
    { width: 390, height: 844, colorScheme: 'dark' },
    { width: 1280, height: 800, colorScheme: 'light' },
    { width: 1280, height: 800, colorScheme: 'dark' },
  ] as const)(
    'she texts WORK and her ZIP and reads both numbers, $width px wide, $colorScheme',
    async (look) => {
      const page = await open(look)
      await freshPhone(page)
      await page.getByLabel('Text message').fill('WORK')
      await page.getByRole('button', { name: 'Send' }).click()
      await answers(page).filter({ hasText: 'Welcome to the AFL-CIO Text Action Team!' }).waitFor()
      await page.getByLabel('Text message').fill('35020')
      await page.getByRole('button', { name: 'Send' }).click()
      const senators = answers(page).filter({ hasText: 'Your senators for Alabama' })
      await senators.waitFor()
      expect(await senators.getByRole('button', { name: /^202-224-\d{4}$/ }).allTextContents()).toEqual([
        '202-224-4124',
        '202-224-5744',
      ])
      expect(await senators.textContent()).toMatch(/Tuberville.*Britt.*✓✓ delivered, answered in [\d.]+ m?s/s)
      expect(await answers(page).count()).toBe(2)
      expect(await sticksOut(page)).toEqual([])
      const [paper, ink] = await page.evaluate<[number, number]>(`(() => {
        const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)
        const { backgroundColor, color } = getComputedStyle(document.body)
        return [light(backgroundColor), light(color)]
      })()`)
      expect(paper > ink).toBe(look.colorScheme === 'light')
    },
  )

  test('the keyboard alone is enough: type and Enter, Tab to what the page offers, and to a number', async () => {
    const page = await open({ width: 1280, height: 800 })
    await freshPhone(page)
    expect(await focused(page).getAttribute('id')).toBe('box')
    await page.keyboard.type('WORK')
    await page.keyboard.press('Enter')
    await answers(page).first().waitFor()
    expect(await page.getByLabel('Text message').inputValue()).toBe('')
    await page.keyboard.press('Tab')
    expect(await focused(page).textContent()).toBe('Send')
    await page.keyboard.press('Tab')
    expect(await focused(page).textContent()).toBe('35020')
    await page.keyboard.press('Enter')
    await answers(page).filter({ hasText: 'Tuberville' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await focused(page).getAttribute('id')).toBe('box')
    for (let i = 0; (await focused(page).textContent()) !== '202-224-4124'; i++) {
      expect(i).toBeLessThan(20)
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'On a real phone this calls. How did it go?' }).waitFor()
    await page.keyboard.press('Enter') // the first outcome: 1 reached someone
    await answers(page).filter({ hasText: 'Which office was that?' }).waitFor()
  })

  test('a text that does not arrive is told in words, not in colour alone', async () => {
    const page = await open({ width: 1280, height: 800 })
    await page.getByRole('radio', { name: '0150 phone off' }).check({ force: true })
    await page.getByText('0150: Twilio takes each text, then reports: phone off').waitFor()
    await connected(page)
    await page.getByLabel('Text message').fill('HELP')
    await page.keyboard.press('Enter')
    await page
      .getByRole('article', { name: /not delivered$/ })
      .filter({ hasText: 'Not delivered: phone off or out of reach (30003)' })
      .waitFor()
  })

  test('answered with an error while npm start is still starting, the page tries again until it is connected', async () => {
    const page = await open({ width: 390, height: 844 })
    let refused = 0
    await page.route('**/phone/events*', (route) =>
      refused++ < 2 ? route.fulfill({ status: 502, body: 'starting' }) : route.continue(),
    )
    await page.reload()
    await page.locator('#link[data-state=offline]').waitFor()
    await connected(page)
    expect(refused).toBe(3)
  })

  test('stopped, the page says so and keeps her words; started again, she is still known', async () => {
    const page = await open({ width: 390, height: 844 })
    await freshPhone(page)
    for (const words of ['WORK', '35020']) {
      await page.getByLabel('Text message').fill(words)
      await page.keyboard.press('Enter')
      await answers(page)
        .nth(words === 'WORK' ? 0 : 1)
        .waitFor()
    }
    await dev.interrupt()
    await page.getByText('Text Action is not answering. Is npm start still running?').first().waitFor()
    await page.getByLabel('Text message').fill('WORK')
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('Text message').inputValue()).toBe('WORK')
    await dev.start()
    await connected(page)
    expect(await answers(page).count()).toBe(2)
    await page.getByLabel('Text message').press('Enter')
    await answers(page).filter({ hasText: "You're on the team already" }).waitFor()
  })
})
