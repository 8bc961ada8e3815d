"""Exiftool as a witness: what somebody else's reader finds in a picture file."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

STRUCTURE: Final = frozenset(
    {
        *("SourceFile", "ExifTool:ExifToolVersion"),
        *("File:FileType", "File:FileTypeExtension", "File:MIMEType", "File:ImageWidth", "File:ImageHeight"),
        *("File:EncodingProcess", "File:BitsPerSample", "File:ColorComponents", "File:YCbCrSubSampling"),
        *("JFIF:JFIFVersion", "JFIF:ResolutionUnit", "JFIF:XResolution", "JFIF:YResolution"),
        *("PNG:ImageWidth", "PNG:ImageHeight", "PNG:BitDepth", "PNG:ColorType", "PNG:Compression"),
        *("PNG:Filter", "PNG:Interlace"),
        *("RIFF:WebP_Flags", "RIFF:ImageWidth", "RIFF:ImageHeight", "RIFF:VP8Version", "RIFF:AlphaIsUsed"),
        *("RIFF:HorizontalScale", "RIFF:VerticalScale"),
        *("Composite:ImageSize", "Composite:Megapixels"),
    }
)
"""What every picture of its format has to tell, or what exiftool knows from outside of it."""


def why_not() -> str:
    """Why exiftool cannot be used here; empty where it can."""
    return "" if shutil.which("exiftool") else "exiftool is not installed"


def told_by(*files: Path) -> list[set[str]]:
    """For each file the names of all that it tells beyond its structure, warnings included."""
    command = ["exiftool", "-json", "-G1", "-a", "-U", *map(str, files)]
    output = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    return [
        {name for name in found if name not in STRUCTURE and not name.startswith("System:")}
        for found in json.loads(output)
    ]
