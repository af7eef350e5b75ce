"""Text is broken evenly, shrunk to fit, and a citizen's is not remembered."""

import unicodedata

import pytest

from hall.fonts import Weight
from hall.screen.geometry import Panel, Rect
from hall.screen.text import Typesetter
from hall.screen.tree import Label

LONG = "Nhận kết quả thủ tục đăng ký khai sinh có yếu tố nước ngoài và nộp lệ phí"


def label(text: str, w: float = 60, h: float = 30, **more: object) -> Label:
    return Label("key", Rect(0, 0, w, h), text, 8.0, "#000000", **more)  # type: ignore[arg-type]


def test_lines_are_even_and_no_wider_than_their_place() -> None:
    setter = Typesetter()
    lines = setter.wrap(LONG, 30, Weight.REGULAR, 400)
    widths = [setter.width(line, 30, Weight.REGULAR) for line in lines]

    assert " ".join(lines) == LONG
    assert max(widths) <= 400
    assert min(widths) > 0.6 * max(widths)


def test_a_bound_pair_stays_on_one_line() -> None:
    text = "nộp lệ phí ngay"
    bound = Typesetter(bind=lambda text: text.replace("lệ phí", "lệ\u00a0phí"))

    assert Typesetter().wrap(text, 30, Weight.REGULAR, 150) == ("nộp lệ", "phí ngay")
    assert bound.wrap(text, 30, Weight.REGULAR, 150) == ("nộp lệ phí", "ngay")


def test_a_bound_pair_too_wide_for_its_place_is_parted() -> None:
    bound = Typesetter(bind=lambda text: text.replace(" ", "\u00a0"))

    assert bound.wrap("hành chính", 30, Weight.REGULAR, 100) == ("hành", "chính")


def test_composed_and_decomposed_letters_are_drawn_alike() -> None:
    setter = Typesetter()
    composed = unicodedata.normalize("NFC", "Ậ Ử ể ƀ Ĕ")
    decomposed = unicodedata.normalize("NFD", composed)
    one = setter.draw(composed, 40, Weight.BOLD, "#102030")
    other = setter.draw(decomposed, 40, Weight.BOLD, "#102030")

    assert one.get_size() == other.get_size()
    assert one.get_view("2").raw == other.get_view("2").raw


def test_digits_in_cells_have_one_width() -> None:
    setter = Typesetter()

    assert setter.width("1111", 40, Weight.BOLD, cells=True) == setter.width(
        "0000", 40, Weight.BOLD, cells=True
    )
    assert setter.width("1111", 40, Weight.BOLD) < setter.width("0000", 40, Weight.BOLD)


def test_a_label_shrinks_until_it_fits() -> None:
    laid = Typesetter().lay(label(LONG, min_size=3.0), 3.0)

    assert laid.fits
    assert laid.px < 24


def test_a_label_that_cannot_shrink_enough_is_told() -> None:
    assert not Typesetter().lay(label(LONG, w=30, h=9), 3.0).fits


def test_a_clamped_label_ends_in_an_ellipsis() -> None:
    laid = Typesetter().lay(label(LONG, max_lines=2, clamp=True), 3.0)

    assert laid.fits
    assert len(laid.lines) == 2
    assert laid.lines[-1].endswith("…")


def test_a_letter_the_first_family_lacks_is_not_blank() -> None:
    drawn = Typesetter().draw("ƀ", 60, Weight.REGULAR, "#000000")

    assert drawn.get_bounding_rect().w > 5


@pytest.mark.parametrize("personal", [True, False])
def test_only_public_text_is_remembered(personal: bool) -> None:  # noqa: FBT001
    setter = Typesetter()
    secret = label("H38.12-261110-0042", personal=personal)
    laid = setter.lay(secret, 3.0)
    setter.draw(laid.lines[0], laid.px, Weight.REGULAR, "#000000", personal=personal)

    assert bool(setter.remembered()) is not personal


def test_a_null_character_does_not_stop_the_screen() -> None:
    setter = Typesetter()

    assert setter.draw("A\0B", 20, Weight.REGULAR, "#000000").get_width() == setter.width(
        "AB", 20, Weight.REGULAR
    )


def test_wiping_forgets_every_text() -> None:
    setter = Typesetter()
    setter.lay(label("Quầy 1"), 3.0)
    setter.draw("Quầy 1", 20, Weight.REGULAR, "#000000")
    setter.wipe()

    assert setter.remembered() == ()


def test_the_caches_stay_bounded() -> None:
    setter = Typesetter()
    drawn = [setter.draw(str(number), 300, Weight.BOLD, "#000000") for number in range(60)]
    sizes = {str(number): each.get_width() * each.get_height() for number, each in enumerate(drawn)}

    assert sum(sizes.values()) > 2_000_000
    assert 0 < sum(sizes[text] for text in setter.remembered()) <= 1_250_000
    assert "59" in setter.remembered()


def test_the_height_of_a_flow_counts_its_lines() -> None:
    setter, panel = Typesetter(), Panel(1080, 1920, 32)
    lines = setter.wrap(LONG, 30, Weight.REGULAR, 400)

    assert setter.height(LONG, 30, Weight.REGULAR, 400) == len(lines) * 39
    assert panel.portrait
