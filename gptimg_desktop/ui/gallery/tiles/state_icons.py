"""The sign of each state."""

from __future__ import annotations

from typing import Final

from gptimg_desktop.core.job import JobState

STATE_ICONS: Final = {
    JobState.QUEUED: "clock",
    JobState.SENDING: "send",
    JobState.UNCONFIRMED: "circle-help",
    JobState.ACCEPTED: "sparkles",
    JobState.READY: "download",
    JobState.SAVED: "circle-check",
    JobState.FAILED: "circle-x",
    JobState.REJECTED: "ban",
    JobState.CANCELLED: "circle-x",
    JobState.CLOSED: "eye-off",
    JobState.LOST: "image-off",
}
