"""What the .app tells macOS about itself (Info.plist), for gptimg-desktop.spec. Not verified on a Mac."""

from __future__ import annotations

from typing import Final

BUNDLE_IDENTIFIER: Final = "io.github.gptimg_desktop.GptimgDesktop"

INFO: Final = {
    "CFBundleDisplayName": "GPTImg",
    "CFBundleName": "GPTImg",
    "LSApplicationCategoryType": "public.app-category.graphics-design",
    "LSMinimumSystemVersion": "13.0",  # what Qt 6.11 is built for
    "NSHighResolutionCapable": True,
    "NSHumanReadableCopyright": "© 2026 gptimg-desktop contributors. MIT licence.",
    "NSRequiresAquaSystemAppearance": False,  # both themes
    "CFBundleDocumentTypes": [
        {
            # Pictures may be dropped on the program as references; it opens no file by default.
            "CFBundleTypeName": "Picture",
            "CFBundleTypeRole": "Viewer",
            "LSHandlerRank": "None",
            "LSItemContentTypes": ["public.png", "public.jpeg", "org.webmproject.webp", "public.tiff"],
        }
    ],
}
