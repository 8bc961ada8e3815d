"""Pictures that are uploaded first and named in a submit afterwards."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gptimg_desktop.core.connection import PRACTICE
from gptimg_desktop.services.practice import uploads
from tests.unit.practice.test_results import share_of
from tests.unit.practice.visitor import NOON, Visitor, names_in, opened

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

UPLOADS = f"{PRACTICE}/v1/uploads/images"
HOUR_S = 3_600


def picture(kind: str = "PNG", colour: str = "#00ff00") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
async def test_an_upload_is_told_and_comes_back_as_it_was(kind: str, media_type: str) -> None:
    content = picture(kind)
    async with Visitor() as visitor:
        answer = await visitor.upload(content, 'Straße "1".jpg', "application/octet-stream")
        assert answer.status_code == 200
        url = answer.json()["url"]
        assert answer.json() == {
            "url": url,
            "filename": "Straße %221%22.jpg",
            "content_type": media_type,
            "bytes": len(content),
            "created_at": int(NOON),
        }
        assert url.startswith("https://files.practice.invalid/f/upload/")
        file = await visitor.client.get(url)
        assert (file.status_code, file.headers["content-type"], file.content) == (200, media_type, content)
        assert file.headers["etag"]


async def test_an_upload_named_in_a_submit_is_what_is_drawn() -> None:
    async with Visitor() as visitor:
        url = (await visitor.upload(picture())).json()["url"]
        green = opened(await visitor.picture(image_urls=[url], size="600x400"))
        assert share_of(green, (0, 255, 0)) > 0.1
        elsewhere = url.replace("files.practice", "files.elsewhere")
        other = opened(await visitor.picture(image_urls=[elsewhere], size="600x400"))
        assert share_of(other, (0, 255, 0)) < 0.01


@pytest.mark.parametrize("in_memory", [True, False])
async def test_an_upload_lives_for_three_days(in_memory: bool, tmp_path: Path) -> None:
    async with Visitor(None if in_memory else tmp_path) as visitor:
        url = (await visitor.upload(picture())).json()["url"]
        visitor.clock.now += 72 * HOUR_S - 1
        assert (await visitor.client.get(url)).status_code == 200
        assert (await visitor.post(image_urls=[url])).status_code == 200
        visitor.clock.now += 2
        assert (await visitor.client.get(url)).status_code == 404
        refused = await visitor.post(image_urls=["https://example.com/a.png", url])
        assert refused.status_code == 400
        assert "image_urls[1] names an upload" in refused.json()["error"]["message"]


async def test_uploads_outlive_the_program_and_are_swept_after_their_time(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        url = (await visitor.upload(picture())).json()["url"]
        task_id = await visitor.submit()
        (tmp_path / f"upload_{url.rpartition('/')[2]}.part").write_bytes(b"left by a kill")
    async with Visitor(tmp_path) as visitor:
        assert (await visitor.client.get(url)).status_code == 200
        visitor.clock.now += 72 * HOUR_S + 1
        new = (await visitor.upload(picture())).json()["url"].rpartition("/")[2]
        assert names_in(tmp_path) == {f"upload_{new}", f"{task_id}.json"}


async def test_in_memory_the_oldest_uploads_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture()
    monkeypatch.setattr(uploads, "KEPT_IN_MEMORY", len(content) * 2)
    async with Visitor() as visitor:
        urls = [(await visitor.upload(content)).json()["url"] for _ in range(3)]
        assert [(await visitor.client.get(url)).status_code for url in urls] == [404, 200, 200]


async def test_a_folder_that_takes_nothing_means_try_again_later(tmp_path: Path) -> None:
    blocked = tmp_path / "tasks"
    blocked.write_text("a file where the folder should be")
    async with Visitor(blocked) as visitor:
        answer = await visitor.upload(picture())
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "get_channel_failed")


async def test_a_damaged_upload_is_no_reference(tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        url = (await visitor.upload(picture())).json()["url"]
        (tmp_path / f"upload_{url.rpartition('/')[2]}").write_bytes(b"scrambled")
        assert (await visitor.post(image_urls=[url])).status_code == 400


@pytest.mark.parametrize("change", [".png", "../secret.png", "01kt48e134gcg3w870hkhpvmna.png", "", "x.svg"])
async def test_a_name_that_was_never_given_is_not_found(change: str, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.png").write_bytes(picture())
    async with Visitor(tmp_path) as visitor:
        url = (await visitor.upload(picture())).json()["url"]
        for address in (url.rpartition("/")[0] + "/" + change, url.replace(".png", ".gif")):
            assert (await visitor.client.get(address)).status_code == 404
        spelt = url[:-30] + url[-30:].upper()
        assert (await visitor.client.get(spelt)).status_code == 404


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "file"),
        (b"plain words", "file"),
        (picture()[:-40], "file"),
        (picture("BMP"), "file"),
        (picture("TIFF"), "file"),
        (picture(), "image"),
    ],
)
async def test_what_is_no_picture_is_refused(content: bytes, field: str, tmp_path: Path) -> None:
    async with Visitor(tmp_path) as visitor:
        answer = await visitor.upload(content, field=field)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert names_in(tmp_path) == set()


async def test_twenty_megabytes_are_taken_and_not_a_byte_more() -> None:
    largest = picture() + b"\0" * (20 * 1024 * 1024 - len(picture()))
    async with Visitor() as visitor:
        assert (await visitor.upload(largest)).status_code == 200
        for content in (largest + b"\0", largest * 2):
            answer = await visitor.upload(content)
            assert answer.status_code == 413
            assert answer.json()["error"]["code"] == 413


def form(*fields: bytes, boundary: bytes = b"b", end: bytes = b"--\r\n") -> bytes:
    marks = [b"--" + boundary + b"\r\n" + field + b"\r\n" for field in fields]
    return b"".join(marks) + b"--" + boundary + end


FILE = b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + picture()
OTHER = b'content-disposition: form-data; name="purpose"\r\n\r\nvision'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=b", form(OTHER, FILE)),
        ('Multipart/Form-Data; charset=utf-8; boundary="b c"', form(FILE, OTHER, boundary=b"b c")),
        ("multipart/form-data; boundary=b", b"a preamble\r\n" + form(FILE) + b"an epilogue"),
        ("multipart/form-data; boundary=b", form(FILE, end=b"--")),
    ],
)
async def test_forms_as_clients_write_them_are_read(content_type: str, body: bytes) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.post(UPLOADS, content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["filename"], answer.json()["bytes"]) == ("a.png", len(picture()))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", form(FILE)),
        ("image/png", picture()),
        ("multipart/form-data", form(FILE)),
        ("multipart/form-data; boundary=", form(FILE)),
        ("multipart/form-data; boundary=other", form(FILE)),
        ("multipart/form-data; boundary=" + "b" * 300, form(FILE, boundary=b"b" * 300)),
        ("multipart/mixed; boundary=b", form(FILE)),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", form()),
        ("multipart/form-data; boundary=b", form(OTHER)),
        ("multipart/form-data; boundary=b", form(FILE)[:-10]),
        ("multipart/form-data; boundary=b", form(b"no headers at all")),
        ("multipart/form-data; boundary=b", b"--b"),
    ],
)
async def test_forms_that_make_no_sense_are_refused(content_type: str, body: bytes) -> None:
    async with Visitor() as visitor:
        answer = await visitor.client.post(UPLOADS, content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]
