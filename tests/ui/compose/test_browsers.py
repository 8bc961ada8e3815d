"""What browsers and other programs bring: links, pictures behind links, addresses as text, data URIs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from gptimg_desktop.core.errors import BadInputError, Problem, ProblemKind
from gptimg_desktop.core.reference import UrlReference
from gptimg_desktop.services.library.references.store import MOST_READ_BYTES
from gptimg_desktop.ui.compose.references import data_uri
from gptimg_desktop.ui.compose.references.reference_chip import ReferenceChip
from gptimg_desktop.ui.messages import sentence
from tests.ui.compose import hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gptimg_desktop.ui.compose.panel import ComposePanel
    from gptimg_desktop.ui.compose.wishes import PastedPicture

CHAIR = "https://example.com/chair.png"
PAGE = "https://example.com/chairs?id=7"
PICTURE = b"\x89PNG and so on" * 7
DATA_URI = "data:image/png;base64," + base64.b64encode(PICTURE).decode()


class Ears:
    """Remembers what the composer asked for."""

    def __init__(self, panel: ComposePanel) -> None:
        self.paths: list[tuple[str, ...]] = []
        self.pasted: list[PastedPicture] = []
        panel.references_offered.connect(self.paths.append)
        panel.picture_pasted.connect(self.pasted.append)


@pytest.fixture
def ears(panel: ComposePanel) -> Ears:
    return Ears(panel)


def tray(panel: ComposePanel) -> QWidget:
    return hands.find(panel, QWidget, "referenceTray")


def address_field(panel: ComposePanel) -> QLineEdit:
    return hands.find(panel, QLineEdit, "referenceUrlEdit")


def addresses(panel: ComposePanel) -> list[str]:
    return [each.url for each in panel.draft().references if isinstance(each, UrlReference)]


def mime(*, text: str = "", html: str = "", links: tuple[str, ...] = (), firefox: str = "") -> QMimeData:
    made = QMimeData()
    if links:
        made.setUrls([QUrl(link) for link in links])
    if text:
        made.setText(text)
    if html:
        made.setHtml(html)
    if firefox:
        made.setData("text/x-moz-url", firefox.encode("utf-16-le"))
    return made


def paste(widget: QWidget, content: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(content)
    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


SHOWN = f'<meta charset="utf-8"><img src="{CHAIR}" alt="a chair">'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (mime(links=(PAGE,), text=PAGE), [PAGE]),
        (mime(firefox=f"{PAGE}\nChairs"), [PAGE]),
        (mime(firefox=f"\ufeff{PAGE}\nChairs\n{CHAIR}\nA chair"), [PAGE, CHAIR]),
        (mime(html=SHOWN), [CHAIR]),
        (mime(links=(PAGE,), html=f'<a href="{PAGE}"> <img src="{CHAIR}"> </a>'), [CHAIR]),
        (mime(links=(CHAIR,), html='<img src="https://example.com/small.png">'), [CHAIR]),
        (mime(links=(PAGE,), html=f'<a href="{PAGE}">chairs <img src="{CHAIR}"></a>'), [PAGE]),
        (mime(links=(PAGE,), html=f'<img src="{CHAIR}"><img src="{CHAIR}">'), [PAGE]),
        (mime(links=(PAGE,), html='<img src="/chair.png">'), [PAGE]),
        (mime(html=f"<style>p {{}}</style><title>t</title>{SHOWN}"), [CHAIR]),
        (mime(text=f"  {CHAIR}\n"), [CHAIR]),
        (mime(text=f"{CHAIR}\n{PAGE}\n"), [CHAIR, PAGE]),
        (mime(text="https://example.com/图片.png"), ["https://example.com/%E5%9B%BE%E7%89%87.png"]),
        (mime(text="http://example.com/a.png"), ["http://example.com/a.png"]),
    ],
)
def test_addresses_come_in_many_shapes(panel: ComposePanel, content: QMimeData, expected: list[str]) -> None:
    assert hands.drop(tray(panel), content)
    assert addresses(panel) == expected
    paste(tray(panel), content)
    assert addresses(panel) == expected * 2


@pytest.mark.parametrize(
    "content",
    [
        mime(text="a chair"),
        mime(text=f"see {CHAIR}"),
        mime(text=f"{CHAIR} shows a chair"),
        mime(links=("mailto:ana@example.com",)),
        mime(html=f"<p>A chair: <img src='{CHAIR}'></p>", text="A chair:"),
        mime(html=f"<img src='{CHAIR}'>" + "<br>" * 100_000),
        mime(firefox="ftp://example.com/chair.png\nA chair"),
        mime(html="<img src=x><![ x]>"),
        mime(html=f'<img src="{CHAIR}"><![ x]>'),
        mime(links=("file:",)),
    ],
)
def test_what_is_no_address_is_left_alone(panel: ComposePanel, content: QMimeData) -> None:
    assert not hands.drop(tray(panel), content)
    paste(tray(panel), content)
    assert panel.draft().references == ()
    assert not tray(panel).findChildren(ReferenceChip)


def test_a_path_that_says_nothing_keeps_nothing_from_the_rest(panel: ComposePanel, ears: Ears) -> None:
    assert hands.drop(tray(panel), mime(links=("file:", CHAIR)))
    assert ears.paths == []
    assert CHAIR in addresses(panel)


def test_a_bitmap_beside_its_address_is_what_is_taken(panel: ComposePanel, ears: Ears) -> None:
    content = mime(links=(CHAIR,), html=SHOWN)
    content.setImageData(QImage(3, 2, QImage.Format.Format_RGBA8888))
    assert hands.drop(tray(panel), content)
    assert addresses(panel) == []
    assert len(ears.pasted) == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (mime(links=("https://example.com/a/cat.jpg?w=200",)), "cat.jpg"),
        (mime(links=("https://example.com/%E5%9B%BE%E7%89%87.png",)), "图片.png"),
        (mime(links=(PAGE,), html='<img src="https://example.com/b/cat.jpg">'), "cat.jpg"),
        (mime(firefox="https://example.com/cat.webp\nA cat"), "cat.webp"),
        (mime(links=("https://example.com/photo%E2%80%AEgnp.png",)), "photognp.png"),
        (mime(links=(PAGE,)), ""),
        (mime(html=f'<img src="{DATA_URI}">'), ""),
        (mime(), ""),
    ],
)
def test_a_bitmap_is_called_like_the_file_that_it_shows(
    panel: ComposePanel, ears: Ears, content: QMimeData, name: str
) -> None:
    content.setImageData(QImage(3, 2, QImage.Format.Format_RGBA8888))
    assert hands.drop(tray(panel), content)
    assert ears.pasted[0].name == name
    assert hands.chips(panel)[0].title == (name or "Pasted picture")


@pytest.mark.parametrize("text", [CHAIR, f"{CHAIR} {PAGE}"])
def test_an_address_as_text_stays_text_in_the_prompt(panel: ComposePanel, text: str) -> None:
    assert hands.drop(hands.prompt(panel).viewport(), mime(text=text))
    assert hands.prompt(panel).toPlainText() == text
    hands.prompt(panel).clear()
    paste(hands.prompt(panel), mime(text=text))
    assert hands.prompt(panel).toPlainText() == text
    assert addresses(panel) == []


def test_what_can_be_used_is_taken_and_the_rest_is_told(panel: ComposePanel, ears: Ears) -> None:
    unusable = "ftp://example.com/a.png"
    assert hands.drop(tray(panel), mime(links=("file:///p/a.png", unusable, CHAIR)))
    assert ears.paths == [("/p/a.png",)]
    assert addresses(panel) == [CHAIR]
    problem = Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=unusable)
    assert sentence(problem) in hands.visible_text(tray(panel))


SHOWN = '<p><img src="https://pictures.example.com/a/chair.jpg" onload="x()"></p>'


@pytest.mark.row(121)
@pytest.mark.parametrize(
    "content",
    [
        mime(links=("https://pictures.example.com/a/chair.jpg",)),
        mime(html=SHOWN),
        mime(text="https://pictures.example.com/a/chair.jpg"),
    ],
)
@pytest.mark.parametrize("way", ["drop", "paste"])
def test_an_address_is_only_handed_on_and_names_its_host(
    panel: ComposePanel, ears: Ears, content: QMimeData, way: str
) -> None:
    if way == "drop":
        hands.drop(tray(panel), content)
    else:
        paste(tray(panel), content)
    assert addresses(panel) == ["https://pictures.example.com/a/chair.jpg"]
    assert (ears.paths, ears.pasted) == ([], [])
    chip = hands.chips(panel)[0]
    assert chip.title == "pictures.example.com"
    assert chip.accessibleName() == "Reference 1: https://pictures.example.com/a/chair.jpg"
    told = "The service fetches it from pictures.example.com; this program does not."
    assert chip.accessibleDescription() == told
    assert told in chip.toolTip()


@pytest.mark.row(121)
def test_a_path_on_another_computer_is_not_read(panel: ComposePanel, ears: Ears) -> None:
    hands.drop(tray(panel), mime(links=("file://nas/share/chair.png", "file:///p/here.png")))
    assert ears.paths == [("/p/here.png",)]
    assert (
        "“chair.png” lies on another computer, nas. Nothing was read from there; copy it to this one, "
        "or choose it with the button for files."
    ) in hands.visible_text(tray(panel))


@pytest.mark.row(121)
@pytest.mark.parametrize(
    "path", ["\\\\nas\\share\\chair.png", "//nas/share/chair.png", "smb://nas/chair.png"]
)
def test_a_path_on_another_computer_is_no_address(panel: ComposePanel, ears: Ears, path: str) -> None:
    field = address_field(panel)
    field.setText(path)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (addresses(panel), ears.paths) == ([], [])
    told = sentence(Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=path))
    assert told.replace("\u200b", "") in hands.visible_text(tray(panel)).replace("\u200b", "")


def test_this_computer_may_be_named(panel: ComposePanel, ears: Ears) -> None:
    hands.drop(tray(panel), mime(links=("file://localhost/p/a%20b.png",)))
    assert ears.paths == [("/p/a b.png",)]


def test_both_what_is_too_much_and_what_is_unusable_are_told(panel: ComposePanel) -> None:
    links = [f"https://example.com/{number}.png" for number in range(17)]
    hands.drop(tray(panel), mime(links=("ftp://example.com/x", *links)))
    assert addresses(panel) == links[:16]
    told = hands.visible_text(tray(panel))
    assert "16 of 16 are used. Choose what “example.com/16.png” replaces." in told
    assert "ftp://example.com/x" in told


class TestDataUris:
    """Pictures that come as text."""

    @pytest.mark.parametrize(
        "text",
        [
            DATA_URI,
            f"  {DATA_URI.replace('data:image', 'DATA:Image')}\n",
            DATA_URI[:60] + "\r\n" + DATA_URI[60:],
            DATA_URI.rstrip("="),
            DATA_URI.replace("=", "%3D").replace("/", "%2F").replace("image%2F", "image/"),
            DATA_URI.replace("base64", "charset=utf-8;base64"),
        ],
    )
    @pytest.mark.parametrize("where", ["tray", "prompt", "field"])
    def test_one_that_is_pasted_is_a_picture(
        self, panel: ComposePanel, ears: Ears, text: str, where: str
    ) -> None:
        paste(
            {"tray": tray(panel), "prompt": hands.prompt(panel), "field": address_field(panel)}[where],
            mime(text=text),
        )
        assert [pasted.content() for pasted in ears.pasted] == [PICTURE]
        assert hands.prompt(panel).toPlainText() == address_field(panel).text() == ""

    @pytest.mark.parametrize(
        "content", [mime(text=DATA_URI), mime(links=(DATA_URI,)), mime(html=f'<img src="{DATA_URI}">')]
    )
    @pytest.mark.parametrize("where", ["tray", "prompt"])
    def test_one_that_is_dropped_is_a_picture(
        self, panel: ComposePanel, ears: Ears, content: QMimeData, where: str
    ) -> None:
        place = tray(panel) if where == "tray" else hands.prompt(panel).viewport()
        assert hands.drop(place, content)
        assert [pasted.content() for pasted in ears.pasted] == [PICTURE]

    def test_one_that_is_typed_is_a_picture(self, panel: ComposePanel, ears: Ears) -> None:
        address_field(panel).setText(DATA_URI)
        QTest.keyClick(address_field(panel), Qt.Key.Key_Return)
        assert [pasted.content() for pasted in ears.pasted] == [PICTURE]
        assert address_field(panel).text() == ""

    def test_a_large_one_comes_whole(self, panel: ComposePanel, ears: Ears) -> None:
        picture = bytes(range(256)) * 20_000
        paste(address_field(panel), mime(text="data:image/png;base64," + base64.b64encode(picture).decode()))
        assert ears.pasted[0].content() == picture

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("data:text/html,<p>hello</p>", ProblemKind.REFERENCE_NOT_A_PICTURE),
            ("data:image/svg+xml,<svg/>", ProblemKind.REFERENCE_NOT_A_PICTURE),
            ("data:", ProblemKind.REFERENCE_NOT_A_PICTURE),
            ("data:image/png;base64,", ProblemKind.REFERENCE_DAMAGED),
            ("data:image/png;base64", ProblemKind.REFERENCE_DAMAGED),
        ],
    )
    def test_one_that_holds_no_picture_is_told(
        self, panel: ComposePanel, text: str, kind: ProblemKind
    ) -> None:
        paste(tray(panel), mime(text=text))
        assert sentence(Problem.of(kind, name=text)) in hands.visible_text(tray(panel))
        assert not tray(panel).findChildren(ReferenceChip)

    @pytest.mark.parametrize("step", [4, 8, 64])
    def test_one_that_is_read_in_slices_is_the_same(
        self, panel: ComposePanel, ears: Ears, monkeypatch: pytest.MonkeyPatch, step: int
    ) -> None:
        monkeypatch.setattr(data_uri, "_SLICE", step)
        written = base64.b64encode(PICTURE).decode()
        broken = "\r\n".join(written[place : place + 7] for place in range(0, len(written), 7))
        for body in (written, written.rstrip("="), broken, quote(written), written + "\n"):
            paste(tray(panel), mime(text="data:image/png;base64," + body))
        assert [pasted.content() for pasted in ears.pasted] == [PICTURE] * 5

    def test_one_that_is_too_large_is_told_at_once(
        self, panel: ComposePanel, ears: Ears, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert data_uri.MOST_BYTES == MOST_READ_BYTES
        monkeypatch.setattr(data_uri, "MOST_BYTES", 1_000_000)
        paste(tray(panel), mime(text="data:image/png;base64," + "A" * 1_400_000))
        assert "is too large" in hands.visible_text(tray(panel))
        assert ears.pasted == []

    @pytest.mark.parametrize("body", ["QUJD!!!!", "äöü=", "A", DATA_URI[22:60] + "…"])
    def test_one_that_is_damaged_is_told_by_whoever_reads_it(
        self, panel: ComposePanel, ears: Ears, body: str
    ) -> None:
        paste(tray(panel), mime(text=f"data:image/png;base64,{body}"))
        with pytest.raises(BadInputError) as told:
            ears.pasted[0].content()
        assert told.value.problem.kind is ProblemKind.REFERENCE_DAMAGED


class TestAddressField:
    """One line for one address."""

    def test_an_address_is_pasted_as_text(self, panel: ComposePanel) -> None:
        paste(address_field(panel), mime(text=CHAIR, html=f"<a href='{CHAIR}'>{CHAIR}</a>"))
        assert address_field(panel).text() == CHAIR
        assert addresses(panel) == []

    def test_half_an_address_is_pasted_as_text(self, panel: ComposePanel) -> None:
        address_field(panel).setText("https://")
        paste(address_field(panel), mime(text="example.com/a.png"))
        assert address_field(panel).text() == "https://example.com/a.png"

    def test_several_addresses_are_taken_at_once(self, panel: ComposePanel) -> None:
        paste(address_field(panel), mime(text=f"{CHAIR}\n{PAGE}"))
        assert addresses(panel) == [CHAIR, PAGE]
        address_field(panel).setText(f"{PAGE} {CHAIR}")
        QTest.keyClick(address_field(panel), Qt.Key.Key_Return)
        assert addresses(panel) == [CHAIR, PAGE, PAGE, CHAIR]

    def test_files_are_taken(self, panel: ComposePanel, ears: Ears) -> None:
        paste(address_field(panel), hands.files("/p/a.png"))
        assert ears.paths == [("/p/a.png",)]
        assert address_field(panel).text() == ""

    @pytest.mark.qt_log_ignore("This plugin does not support (raise|grab)", extend=True)
    def test_the_menu_pastes_the_same_way(self, panel: ComposePanel, ears: Ears, qtbot: QtBot) -> None:
        QGuiApplication.clipboard().setMimeData(mime(text=DATA_URI))
        field = address_field(panel)
        middle = field.rect().center()
        QApplication.sendEvent(
            field, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, field.mapToGlobal(middle))
        )
        menu = hands.find(panel, QMenu, "qt_edit_menu")
        next(each for each in menu.actions() if each.isVisible() and "Paste" in each.text()).trigger()
        with qtbot.waitSignal(menu.destroyed):
            menu.close()
        assert [pasted.content() for pasted in ears.pasted] == [PICTURE]
        assert field.text() == ""

    def test_an_address_among_words_is_told_and_kept(self, panel: ComposePanel) -> None:
        text = f"{CHAIR} a chair"
        address_field(panel).setText(text)
        QTest.keyClick(address_field(panel), Qt.Key.Key_Return)
        assert addresses(panel) == []
        assert address_field(panel).text() == text
        problem = Problem.of(ProblemKind.REFERENCE_URL_INVALID, url=text)
        assert sentence(problem) in hands.visible_text(tray(panel))


class TestChips:
    """An address can be told from a file, and from another address."""

    def chip(self, panel: ComposePanel, address: str) -> ReferenceChip:
        panel.add_reference(UrlReference(url=address), None)
        found = tray(panel).findChild(ReferenceChip)
        assert isinstance(found, ReferenceChip)
        return found

    def test_it_is_titled_by_its_host_and_tells_all_to_those_who_ask(self, panel: ComposePanel) -> None:
        address = "https://example.com/" + "long/" * 40 + "chair.png"
        chip = self.chip(panel, address)
        assert chip.title == "example.com"
        assert chip.accessibleName() == f"Reference 1: {address}"
        assert address in chip.toolTip().replace("\u200b", "")
        assert "\u200b" in chip.toolTip()

    def test_one_that_anybody_can_read_says_so(self, panel: ComposePanel) -> None:
        chip = self.chip(panel, "http://example.com/chair.png")
        assert "not secure" in chip.toolTip()
        assert "not secure" in chip.accessibleName()

    def test_a_secure_one_says_nothing(self, panel: ComposePanel) -> None:
        assert "not secure" not in self.chip(panel, CHAIR).toolTip()

    @pytest.mark.parametrize(
        "address", ["https://example.com", "https://example.com/%zz%ff", "http://h:1/?a#b"]
    )
    def test_whatever_it_names_can_be_drawn(self, panel: ComposePanel, address: str) -> None:
        assert not self.chip(panel, address).grab().isNull()
