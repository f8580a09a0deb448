"""Text that nobody can see: of the very colour of its ground. axe takes it for hidden on purpose, and says nothing."""

from playwright.sync_api import Page

UNSEEN = """() => {
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(each);
      if (backgroundImage !== "none") return null;
      if (!/^(rgba\\(.*, 0\\)|transparent)$/.test(backgroundColor)) return backgroundColor;
    }
    return null;
  };
  const isDrawn = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unseen = [];
  while (texts.nextNode()) {
    const { parentElement: element, data } = texts.currentNode;
    if (!data.trim() || !isDrawn(element)) continue;
    if (getComputedStyle(element).color === ground(element)) unseen.push(element.outerHTML);
  }
  return unseen;
}"""


def unseen(page: Page) -> list[str]:
    """Elements of a page whose text stands on its own colour."""
    found: list[str] = page.evaluate(UNSEEN)
    return found
