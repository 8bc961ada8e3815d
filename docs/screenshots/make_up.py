"""Paints over what differs from machine to machine: paths and addresses of the studio."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QLineEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

_BREAK = "\u200b"  # where the program lets a long word go on in the next line


def make_up(widget: QWidget, masks: Mapping[str, str]) -> None:
    """Replace each text of `masks` where it stands in a label or a field."""
    for text, mask in masks.items():
        pattern = re.compile(f"{_BREAK}?".join(map(re.escape, text)))
        for label in widget.findChildren(QLabel):
            if pattern.search(label.text()):
                label.setText(pattern.sub(mask, label.text()))
        for field in widget.findChildren(QLineEdit):
            if pattern.search(field.text()):
                field.setText(pattern.sub(mask, field.text()))
                field.setCursorPosition(0)
            field.setPlaceholderText(pattern.sub(mask, field.placeholderText()))
