"""A day that is years away is asked about, with script and without, and taken when it is meant."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import check_accessible
from tests.journeys.conftest import NewPage
from tests.journeys.presses import at, named, sign_in
from tests.journeys.test_typed import to_table
from tests.web.together_table import days, in_days


def year(page: Page, value: str) -> None:
    page.locator("[name=review-year]").fill(value)


def save(page: Page, then: str) -> None:
    named(page, "Save the dates").click()
    at(page, then)


@pytest.mark.parametrize("script", [True, False])
def test_review_years_away_is_asked_about_and_meant(new_page: NewPage, *, script: bool) -> None:
    page = new_page(java_script_enabled=script, viewport={"width": 1280, "height": 900})
    sign_in(page)
    to_table(page)
    page.goto("/together/dates")
    box = page.locator("[name=review-sure]")
    expect(box).to_have_count(0)
    for part, value in days("revisit", in_days(21)).items():
        page.locator(f"[name={part}]").fill(value)
    year(page, "2098")
    save(page, "/together/dates")
    expect(box).not_to_be_checked()
    expect(page.locator("#review-error")).to_contain_text("2098 is more than 3 years away")
    if script:
        check_accessible(page)
    box.check()
    year(page, "2099")
    save(page, "/together/dates")
    expect(box).not_to_be_checked()
    expect(page.get_by_label("Yes, I mean")).to_have_attribute("value", f"2099-{_rest(page)}")
    page.go_back()
    page.goto("/together/dates")
    expect(page.locator("[name=review-year]")).to_have_value("2099")
    box.check()
    save(page, "/together/preview")
    page.goto("/together/dates")
    expect(page.locator("[name=review-year]")).to_have_value("2099")
    expect(box).to_have_count(0)


def _rest(page: Page) -> str:
    month, day = (int(page.locator(f"[name=review-{part}]").input_value()) for part in ("month", "day"))
    return f"{month:02}-{day:02}"
