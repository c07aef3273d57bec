"""Figures beside one another: a choice in one is seen in the others, in the address, and after going back."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.driver import Screen, tab

SCREEN = "/perbandingan?place=74.71"


def test_a_point_that_is_chosen_stands_out_on_the_map_and_in_the_table_of_whoever_opens_the_link(
    screen: Screen, context: BrowserContext
) -> None:
    screen.open(SCREEN).drawn()
    point = screen.page.locator("circle.point").nth(4)
    code = point.get_attribute("data-code") or ""
    point.dispatch_event("click")
    screen.page.wait_for_url(f"**shown={code}**")
    other = tab(context, screen.url).open(screen.page.url.removeprefix(screen.url))
    for one in (screen, other):
        expect(one.page.locator("circle.point.chosen")).to_have_attribute("data-code", code)
        expect(one.page.locator(".areas tr.chosen button")).to_have_attribute("data-code", code)
        expect(one.map.locator(".chosen")).to_have_count(1)
    assert not screen.errors


def test_a_class_of_the_legend_lists_its_areas_and_the_way_back_shows_all(screen: Screen) -> None:
    screen.open(SCREEN).drawn()
    every = screen.page.locator(".areas tbody tr").count()
    cell = screen.page.locator(".cell:not(:disabled)").first
    count = int(cell.inner_text())
    cell.click()
    expect(screen.page.locator(".members")).to_contain_text(f"({count} wilayah)")
    expect(screen.page.locator(".areas tbody tr")).to_have_count(count)
    expect(screen.page.locator("circle.point:not(.faded)")).to_have_count(count)
    screen.page.go_back()
    expect(screen.page.locator(".areas tbody tr")).to_have_count(every)


def test_areas_of_a_link_lie_side_by_side_and_every_comparison_is_in_the_address(screen: Screen) -> None:
    screen.open(f"{SCREEN}&kind=areas&other=74.71.08.1002,74.71.01.1005")
    expect(screen.page.locator(".sides thead .mark-of")).to_have_count(2)
    field = screen.page.get_by_role("combobox")
    field.click()
    field.fill("korum")
    screen.page.get_by_role("option").first.click()
    screen.page.wait_for_url("**74.71.01.1006**")
    expect(screen.page.locator(".sides thead")).to_contain_text("Korumba")
    screen.page.get_by_text("Dua tanggal").click()
    screen.page.wait_for_url("**kind=dates**")
    screen.page.locator("g.stroke").first.wait_for()
    assert "other=" not in screen.page.url
    assert not screen.page.locator(".stAlert, .stException").count()
    assert not screen.errors
