/** How tests find elements and click on them where there is no driver: both are done in the page. */
import { Locator, selectorEngine } from '@vitest/browser/locators'
import { page } from 'vitest/browser'

class PageLocator extends Locator {
  constructor(
    public selector: string,
    protected override _container?: Element,
  ) {
    super()
  }

  override async click(): Promise<void> {
    const element = await this.findElement()
    if (element instanceof HTMLElement) element.click()
  }

  protected override locator(selector: string): Locator {
    return new PageLocator(`${this.selector} >> ${selector}`, this._container)
  }

  protected override elementLocator(element: Element): Locator {
    return new PageLocator(selectorEngine.generateSelectorSimple(element), element)
  }
}

page.extend({
  elementLocator: (element) => new PageLocator(selectorEngine.generateSelectorSimple(element), element),
})
