"""What is asked for in the pictures: prompts that the practice service draws well."""

from __future__ import annotations

from typing import Final

from docs.screenshots.order import Order
from gptimg_desktop.core.sizes import Ratio, Tier

DAY_S: Final = 86_400.0

FLOWERS: Final = Order(prompt="Garden flowers before a low sun, screen print", size=Ratio.R2X3, variant=4)
POSTER: Final = Order(
    prompt="The flowers of image 1 as a poster for an open-air concert", size=Ratio.R2X3, tier=Tier.K2
)
TOTE: Final = Order(prompt="The poster of image 1 as it hangs in a window", size=Ratio.R2X3, tier=Tier.K2)

EARLIER: Final = (
    Order(prompt="Desert hills in three tones, copper light", size=Ratio.R3X2, tier=Tier.K2),
    Order(prompt="Logo for a ceramics studio, petals, calm sheet", variant=1),
    Order(prompt="Logo for a ceramics studio, petals, calm sheet"),
    Order(prompt="Bauhaus poster, red and black, tight grid", size=Ratio.R2X3, variant=1),
    Order(prompt="Teal mountain lake, cut paper", size=Ratio.R3X2, variant=1),
    Order(prompt="Paper layers, a cave of warm light", size=Ratio.R3X2, variant=2, pause_s=DAY_S),
    Order(prompt="Alpine mountains in winter, first light", size=Ratio.R21X9, tier=Tier.K2, variant=1),
    Order(prompt="A harbour city skyline at sunset", size=Ratio.R16X9),
    Order(prompt="Portrait of a girl in cobalt, calm face", size=Ratio.R4X5, variant=1),
)
LATER: Final = (
    Order(prompt="Retro arch interior, sand and plum", pause_s=DAY_S),
    Order(prompt="Retro arch interior, sand and plum"),
    Order(prompt="Emblem for a bakery, wheat tones", variant=1),
    Order(prompt="City street in yellow fog, tall", size=Ratio.R2X3, variant=1),
    Order(prompt="Geometric pattern for gift paper, olive and gold", pause_s=DAY_S),
    Order(prompt="Geometric pattern for gift paper, olive and gold"),
    Order(prompt="The sea at dusk, one low sun", size=Ratio.R3X2, variant=1),
    Order(prompt="Violet tulips in a garden, tall", size=Ratio.R2X3),
    Order(prompt="Planets over a quiet cosmos, deep blue", size=Ratio.R16X9, tier=Tier.K2, variant=1),
    Order(prompt="Portrait of a woman before a halo, terracotta", size=Ratio.R4X5),
    Order(prompt="A rainbow arch for a children's book", size=Ratio.R3X2, tier=Tier.K2, variant=1),
    Order(prompt="Misty forest hills, early green", size=Ratio.R3X2, variant=1),
)
UNDER_WAY: Final = (
    Order(prompt="Orchard hills in autumn, long shadows", size=Ratio.R3X2, tier=Tier.K2),
    Order(prompt="Orchard hills in autumn, at noon", size=Ratio.R3X2, tier=Tier.K2, pause_s=3.0),
)
NEXT: Final = Order(
    prompt="Poster for a spring market: {garden flowers|a rainbow arch|cut paper hills}, warm light",
    size=Ratio.R2X3,
    tier=Tier.K2,
)
STARTED: Final = (
    Order(prompt="Lavender flowers in a garden at noon", size=Ratio.R2X3),
    Order(prompt="Lavender flowers in a garden, late", size=Ratio.R2X3, pause_s=3.0),
)
WAITING: Final = (
    Order(
        prompt="Book cover: one planet like a fruit, deep blue", size=Ratio.R2X3, tier=Tier.K2, pause_s=2.0
    ),
    Order(prompt="Emblem for a rowing club, two tones", pause_s=2.0),
    Order(prompt="Emblem for a rowing club, one tone", pause_s=2.0),
    Order(prompt="The sea at night, one lantern", size=Ratio.R16X9, pause_s=2.0),
    Order(prompt="Botanical plate: leaves of a fig tree", size=Ratio.R3X4, tier=Tier.K2, pause_s=2.0),
)
DOUBTFUL: Final = Order(prompt="A paper map of the island, ochre and blue", size=Ratio.R3X2)
PANORAMA: Final = Order(prompt="The old harbour as a wide panorama, morning haze", size=Ratio.R3X1)
COMPOSED: Final = Order(
    prompt="A fair poster: the mark of image 1 on the grid of image 2, in the colours of image 3; "
    "flowers as in image 4, light as in 5 and 6",
    size=Ratio.R3X4,
    tier=Tier.K2,
)

CHINESE: Final = (
    Order(prompt="沙漠丘陵，三色分层，铜色的光", size=Ratio.R3X2, tier=Tier.K2),
    Order(prompt="茶馆标志，朱红，留白"),
    Order(prompt="茶馆标志，朱红，留白"),
    Order(prompt="几何图案海报，青绿与橙", size=Ratio.R2X3, variant=1),
    Order(prompt="宇宙中的行星，深蓝，安静", size=Ratio.R16X9, variant=1, pause_s=DAY_S),
    Order(prompt="剪纸风格的洞穴，暖光", size=Ratio.R3X2, variant=1),
    Order(prompt="冬日的山峰，晨光初现", size=Ratio.R21X9, tier=Tier.K2, variant=1),
    Order(prompt="女子肖像，紫色背景，平和的神情", size=Ratio.R4X5, variant=1),
    Order(prompt="花园里的白花，水彩质感", size=Ratio.R4X5, pause_s=DAY_S),
    Order(prompt="彩虹拱门，儿童绘本"),
    Order(prompt="彩虹拱门，儿童绘本"),
    Order(prompt="月下的海，一轮满月", size=Ratio.R16X9),
    Order(prompt="城市天际线，晚霞", size=Ratio.R3X2, pause_s=DAY_S),
    Order(prompt="花园里的郁金香，紫色，竖幅", size=Ratio.R2X3),
    Order(prompt="海边的日落，金色", size=Ratio.R3X2, variant=1),
    Order(prompt="薄雾中的森林丘陵", size=Ratio.R3X2, variant=1),
)
CHINESE_UNDER_WAY: Final = (
    Order(prompt="秋天的果园丘陵，长长的影子", size=Ratio.R3X2),
    Order(prompt="秋天的果园丘陵，正午的光", size=Ratio.R3X2, pause_s=3.0),
)
CHINESE_NEXT: Final = Order(
    prompt="春季市集海报：{花园里的花|彩虹拱门|剪纸山峰}，暖光，孔版印刷质感", size=Ratio.R2X3, tier=Tier.K2
)

VARIANTS: Final = {
    order.prompt: order.variant for order in (*EARLIER, FLOWERS, *LATER, *CHINESE) if order.variant
}
