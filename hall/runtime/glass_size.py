"""The glass that is really there against the one of the YAML: one alert, for kiosk and board."""

from hall.runtime.health import Health

SCREEN_SIZE = "screen_size"
Pixels = tuple[int, int]


def judge_glass(
    health: Health, name: str, said: Pixels, real: Pixels, on_its_side: str = ""
) -> None:
    """Tell of a glass that is not as said, or solve that.

    `said`, `real`: width and height of the picture as it hangs, in pixels. `on_its_side`: what
    helps where the two sides are exchanged.
    """
    if said == real:
        health.solve(SCREEN_SIZE)
        return
    text = (
        f"{name} thật có {real[0]} x {real[1]} điểm ảnh, hall.yaml ghi {said[0]} x {said[1]}; "
        "đang vẽ theo cỡ thật."
    )
    written = (
        f"Ghi screen: width: {real[0]}, height: {real[1]} và diagonal_inch đúng với màn hình, "
        "hoặc chọn lại độ phân giải của nó."
    )
    turned = said == (real[1], real[0])
    health.alert(SCREEN_SIZE, text, f"{on_its_side} {written}".strip() if turned else written)
