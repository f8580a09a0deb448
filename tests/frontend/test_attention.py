"""Somebody who looks elsewhere, has no mouse, wants nothing to move, or carries the place to another device."""

from playwright.sync_api import Page, expect

from tests.frontend.script import Owed, Script
from tests.frontend.steps import ahead, be_near, click, join, see

LISTEN = """
window.rung = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (Notification.permission = "granted"); }
  constructor(title) { window.rung.push(title); }
  close() {}
};
AudioContext.prototype.createOscillator = new Proxy(AudioContext.prototype.createOscillator, {
  apply(make, self, given) { window.rung.push("tone"); return Reflect.apply(make, self, given); },
});
"""
WATCH = """number => {
  window.seen = [];
  const watching = { childList: true, characterData: true, subtree: true };
  new MutationObserver(() => seen.push(Number(number.textContent))).observe(number, watching);
}"""
WAKES = {
    "The tab is shown again.": "document.dispatchEvent(new Event('visibilitychange'))",
    "The browser kept the page.": "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    "The network is there again.": "dispatchEvent(new Event('online'))",
}
SOONER_MS = 20_000
"""Far from the front the page comes back by itself after fifty seconds at the earliest."""
SEEN = "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
AWAY = "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })"


def test_whoever_asks_is_told_of_the_turn_by_sound_and_message(page: Page, script: Script) -> None:
    page.add_init_script(LISTEN)
    be_near(page, script)
    click(page, "Tell me when it is my turn")
    expect(page.get_by_text("A sound and a message tell you").locator("visible=true").first).to_be_visible()
    expect(page.get_by_role("button", name="Tell me when it is my turn")).to_be_hidden()
    page.evaluate(AWAY)
    script.admit(push=True)
    see(page, "It is your turn")
    assert page.evaluate("rung") == ["tone", "tone", "tone", "It is your turn"]


def test_whoever_does_not_ask_hears_nothing(page: Page, script: Script) -> None:
    page.add_init_script(LISTEN)
    be_near(page, script)
    script.admit(push=True)
    see(page, "It is your turn")
    assert page.evaluate("rung") == []


def test_that_somebody_asked_is_remembered(page: Page, script: Script) -> None:
    page.add_init_script(LISTEN)
    join(page)
    click(page, "Tell me when it is my turn")
    page.reload()
    see(page, "You are in line")
    expect(page.get_by_role("button", name="Tell me when it is my turn")).to_be_hidden()


def test_the_icon_of_the_tab_changes_with_the_turn(page: Page, script: Script) -> None:
    be_near(page, script)
    waiting = page.locator("#icon").get_attribute("href")
    script.admit(push=True)
    see(page, "It is your turn")
    assert page.locator("#icon").get_attribute("href") != waiting


def test_the_code_for_another_device_is_fetched_when_it_is_wanted(page: Page, script: Script) -> None:
    join(page)
    assert script.count("GET /v1/onsales/demo/place/code") == 0
    page.get_by_text("Continue on another device").click()
    code = page.get_by_role("img", name="QR code with the link to your place")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    page.get_by_text("Continue on another device").click()
    page.get_by_text("Continue on another device").click()
    assert script.count("GET /v1/onsales/demo/place/code") == 1


def test_without_a_code_the_link_does(page: Page, script: Script) -> None:
    script.owed = (Owed("/place/code", 404),)
    join(page)
    page.get_by_text("Continue on another device").click()
    expect(page.get_by_label("Link to your place")).to_be_visible()
    expect(page.locator("#code")).to_be_hidden()


def _press(page: Page, name: str) -> None:
    """Goes on with the tab key until a button has the focus, then presses it; what has it on the way is seen to."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    for _ in range(40):
        if button.evaluate("each => each === document.activeElement"):
            break
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("Enter")


def test_the_keyboard_alone_completes_the_journey(page: Page, script: Script) -> None:
    script.position, script.serving = 321, 300
    page.goto("/?onsale=demo")
    _press(page, "Join the line")
    see(page, "You are in line")
    while not script.count("socket place"):
        page.wait_for_timeout(50)
    script.admit(push=True)
    _press(page, "Choose your seat")
    see(page, "Choose your seat")
    _press(page, "Seat A-1")
    _press(page, "Buy seat A-1")
    see(page, "Thank you, the seat is yours")


def test_the_number_counts_down_to_what_was_told_and_never_up(page: Page, script: Script) -> None:
    be_near(page, script)
    ahead(page).evaluate(WATCH)
    script.serving = 312
    expect(ahead(page)).to_have_text("8")
    seen = page.evaluate("seen")
    assert seen == sorted(seen, reverse=True)
    assert len(seen) > 1


def test_nothing_moves_for_whoever_wants_nothing_to_move(page: Page, script: Script) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/?onsale=demo&preview=joining")
    see(page, "Joining the line")
    assert page.evaluate("document.getAnimations().length") == 0
    be_near(page, script)
    assert page.evaluate("document.getAnimations().length") == 0
    script.serving = 312
    expect(ahead(page)).to_have_text("8")
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_way_to_the_front_is_called_by_its_name(page: Page, script: Script) -> None:
    """Of a bar that has none, axe says nothing."""
    be_near(page, script)
    expect(page.get_by_role("progressbar")).to_have_accessible_name("Your way to the front")


def test_an_alert_is_for_the_turn_alone(page: Page, script: Script) -> None:
    be_near(page, script)
    script.phase = "paused"
    see(page, "The line is paused")
    expect(page.locator("#urgent")).to_be_empty()
    script.admit(push=True)
    see(page, "It is your turn")
    expect(page.locator("#urgent")).to_have_text("It is your turn. You can buy now.")


def test_a_page_that_wakes_reads_again_at_once(page: Page, script: Script) -> None:
    script.position, script.notice = 50_000, "Doors open at seven."
    join(page)
    expect(page.locator('[data-view="line"] .notice')).to_have_text(script.notice)
    for notice, event in WAKES.items():
        script.notice = notice
        page.evaluate(event)
        expect(page.locator('[data-view="line"] .notice')).to_have_text(notice, timeout=SOONER_MS)
