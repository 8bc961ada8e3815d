"""The settings come back as they were saved, and whatever else is in the file does no harm."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gptimg_desktop.core.settings import Delivery, ProxyChoice, Settings, Theme
from gptimg_desktop.core.sizes import parse_choice
from gptimg_desktop.services.settings_file import load, save

if TYPE_CHECKING:
    from pathlib import Path

CHOSEN = Settings(
    theme=Theme.DARK,
    pictures_folder="/home/ana/Bilder – 图片",
    base_url="https://proxy.example/gpt",
    proxy=ProxyChoice.GIVEN,
    proxy_address="http://ana:geheim@proxy.example:8080",
    delivery=Delivery.UPLOAD,
    submits_at_once=7,
    kept_keys=("https://api.example", "https://proxy.example/gpt"),
    paused=True,
    ask_above=Decimal("0.085"),
    favourite_sizes=(parse_choice("1:1 2k"), parse_choice("auto 1k")),
    former_folders=("/mnt/old", "/home/ana/Bilder"),
    window="AAAB/w==",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_each_setting_is_tried_with_another_value() -> None:
    plain = Settings()
    same = [each.name for each in fields(Settings) if getattr(CHOSEN, each.name) == getattr(plain, each.name)]
    assert same == []


@pytest.mark.parametrize("settings", [Settings(), CHOSEN])
def test_settings_come_back(path: Path, settings: Settings) -> None:
    save(path, settings)
    assert load(path) == settings


def test_saving_replaces_the_file_and_leaves_no_other(path: Path) -> None:
    save(path, CHOSEN)
    save(path, Settings())
    assert load(path) == Settings()
    assert list(path.parent.iterdir()) == [path]


def test_a_person_can_read_them(path: Path) -> None:
    save(path, CHOSEN)
    text = path.read_text(encoding="utf-8")
    assert '"pictures_folder": "/home/ana/Bilder – 图片"' in text.splitlines()[2]


def test_a_folder_whose_name_is_no_utf_8_comes_back(path: Path) -> None:
    chosen = CHOSEN.with_pictures_folder("/home/ana/Bilder\udcff")
    save(path, chosen)
    assert load(path) == chosen


def test_no_file_means_the_defaults(path: Path) -> None:
    assert load(path) == Settings()


@pytest.mark.expects_log("WARNING .*settings cannot be read")
@pytest.mark.parametrize(
    "content", [b"", b"garbage", b'{"theme": "dark"', b"\xff\xfe\0", b"[" * 100_000, b"1" * 10_000]
)
def test_garbage_means_the_defaults(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert load(path) == Settings()


@pytest.mark.expects_log("WARNING .*settings cannot be read")
def test_a_folder_in_its_place_means_the_defaults(path: Path) -> None:
    path.mkdir()
    assert load(path) == Settings()


@pytest.mark.parametrize("content", ["null", "[]", '"dark"', "7", "{}", '{"unknown": 1}'])
def test_json_of_another_shape_means_the_defaults(path: Path, content: str) -> None:
    path.write_text(content)
    assert load(path) == Settings()


@pytest.mark.parametrize(
    "field",
    [
        {"theme": "pink"},
        {"theme": 1},
        {"theme": []},
        {"theme": None},
        {"pictures_folder": 5},
        {"pictures_folder": ["/"]},
        {"base_url": None},
        {"base_url": "http://api.example"},
        {"base_url": "https://user:word@api.example"},
        {"base_url": "file:///etc/passwd"},
        {"submits_at_once": 0},
        {"submits_at_once": -1},
        {"submits_at_once": 21},
        {"submits_at_once": 2.5},
        {"submits_at_once": "3"},
        {"submits_at_once": True},
        {"window": {}},
        {"delivery": "by post"},
        {"delivery": ["upload"]},
        {"delivery": None},
        {"kept_keys": "https://api.example"},
        {"kept_keys": {"https://api.example": True}},
        {"kept_keys": None},
        {"kept_keys": 7},
        {"kept_keys": [None, 7, ["https://api.example"]]},
        {"paused": 1},
        {"paused": "true"},
        {"paused": None},
        {"paused": []},
    ],
    ids=str,
)
def test_one_setting_that_makes_no_sense_costs_only_itself(path: Path, field: dict[str, Any]) -> None:
    save(path, CHOSEN)
    fields = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(fields | field))
    (name,) = field
    found = load(path)
    assert getattr(found, name) == getattr(Settings(), name)
    others = fields.keys() - {name}
    assert all(getattr(found, other) == getattr(CHOSEN, other) for other in others)


@pytest.mark.parametrize("choice", list(ProxyChoice))
@pytest.mark.parametrize("address", ["", "socks5://127.0.0.1:1080"])
def test_a_proxy_comes_back(path: Path, choice: ProxyChoice, address: str) -> None:
    save(path, Settings(proxy=choice, proxy_address=address))
    is_whole = choice is not ProxyChoice.GIVEN or address
    assert load(path) == Settings(proxy=choice if is_whole else ProxyChoice.SYSTEM, proxy_address=address)


@pytest.mark.parametrize(
    "address",
    [None, 5, [], {}, "", "nonsense proxy", "ftp://proxy.example", "proxy:99999", "http://[", "a/b"],
)
def test_a_given_proxy_without_a_usable_address_is_the_systems(path: Path, address: object) -> None:
    path.write_text(json.dumps({"proxy": "given", "proxy_address": address, "theme": "dark"}))
    assert load(path) == Settings(theme=Theme.DARK)


@pytest.mark.parametrize("choice", ["tor", "GIVEN", None, 1, ["none"], {}])
def test_an_unknown_choice_of_a_proxy_is_the_systems(path: Path, choice: object) -> None:
    path.write_text(json.dumps({"proxy": choice, "proxy_address": "proxy.example:8080"}))
    found = load(path)
    assert (found.proxy, found.proxy_address) == (ProxyChoice.SYSTEM, "http://proxy.example:8080")


def test_of_the_kept_keys_those_that_make_sense_are_known(path: Path) -> None:
    path.write_text(json.dumps({"kept_keys": ["https://a.example", None, 7, "https://b.example"]}))
    assert load(path).kept_keys == ("https://a.example", "https://b.example")


def test_a_pause_is_still_one_after_other_changes(path: Path) -> None:
    save(path, CHOSEN.with_pictures_folder("/mnt/p").with_kept_key("https://c.example", kept=True))
    found = load(path)
    assert found.paused
    assert found.kept_keys == (*CHOSEN.kept_keys, "https://c.example")


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        save(tmp_path / "nowhere" / "settings.json", CHOSEN)


@pytest.mark.parametrize(
    ("text", "folder"),
    [("/mnt/pictures", "/mnt/pictures"), ("Pics", ""), ("../Pics", ""), ("~nobody-of-this-name/Pics", "")],
)
def test_a_folder_means_the_same_wherever_the_program_starts(path: Path, text: str, folder: str) -> None:
    path.write_text(json.dumps({"pictures_folder": text}))
    assert load(path).pictures_folder == folder


def test_a_tilde_is_the_users_home(path: Path, home: Path) -> None:
    path.write_text(json.dumps({"pictures_folder": "~/Pics"}))
    assert load(path).pictures_folder == str(home / "Pics")


@pytest.mark.parametrize(
    "written", [1, 1.5, None, True, [], "", "one", "-1", "-0.01", "NaN", "Infinity", "1,50"]
)
def test_a_sum_that_makes_no_sense_asks_above_the_usual_one(path: Path, written: object) -> None:
    path.write_text(json.dumps({"ask_above": written}), encoding="utf-8")
    assert load(path).ask_above == Settings().ask_above == Decimal(1)


@pytest.mark.parametrize("amount", ["0", "0.01", "1.50", "9999.99", "0.00000000000000000001"])
def test_the_sum_above_which_a_press_is_asked_about_keeps_its_digits(path: Path, amount: str) -> None:
    save(path, Settings(ask_above=Decimal(amount)))
    assert str(load(path).ask_above) == str(Decimal(amount))


def test_a_folder_is_either_in_use_or_a_former_one() -> None:
    settings = Settings().with_former_folder("/a", "/b").with_former_folder("/b", "/c")
    assert settings.former_folders == ("/b", "/a")
    assert settings.with_former_folder("/c", "/a").former_folders == ("/c", "/b")


def test_former_folders_that_are_no_whole_paths_are_let_go(path: Path) -> None:
    path.write_text('{"former_folders": ["/a", "b", 3, ""]}', encoding="utf-8")
    assert load(path).former_folders == ("/a",)
