"""Builds everything below the window: library, connections, queue. Knows no Qt, so that it runs without."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, fields
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.connection import PRACTICE, Connection, KeySource, clean_key, is_loopback
from gptimg_desktop.core.errors import AppError, NetworkError, Problem, ProblemKind, StorageError
from gptimg_desktop.core.gate import Gate, GateKind
from gptimg_desktop.core.prices import PUBLISHED
from gptimg_desktop.core.schedule import PollTimes
from gptimg_desktop.folders import PRACTICE_FOLDER, pictures_folder
from gptimg_desktop.library import REFERENCES_FOLDER, Library
from gptimg_desktop.opening import open_library
from gptimg_desktop.services import settings_file
from gptimg_desktop.services.api.client import ApiClient
from gptimg_desktop.services.api.downloads import Downloader
from gptimg_desktop.services.api.proxies import read_socks_as_meant
from gptimg_desktop.services.api.tls import tls_context
from gptimg_desktop.services.durable import remove_unfinished
from gptimg_desktop.services.keys import Keys, fingerprint
from gptimg_desktop.services.library.balances import BalanceStore
from gptimg_desktop.services.library.files.picture_folder import PictureFolder
from gptimg_desktop.services.library.marks import MarkStore
from gptimg_desktop.services.library.references.unused import remove_unused
from gptimg_desktop.services.practice import PracticeService, PracticeTransport, poll_times
from gptimg_desktop.services.queue.clock import Clock
from gptimg_desktop.services.queue.connections import Connections, ServiceConnection
from gptimg_desktop.services.queue.queue import Queue
from gptimg_desktop.services.storage_errors import storage_errors

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from gptimg_desktop.core.account import Balance, KeyTest
    from gptimg_desktop.core.draft import Draft
    from gptimg_desktop.core.findings import Findings
    from gptimg_desktop.core.job import Job
    from gptimg_desktop.core.settings import Settings
    from gptimg_desktop.options import Options

logger = logging.getLogger(__name__)

PRACTICE_KEY: Final = "practice-key"


def _unheard(_told: object) -> None:
    """Nobody wants to know."""


def _harmless(tell: Callable[..., None]) -> Callable[..., None]:
    @wraps(tell)
    def told(*what: object) -> None:
        try:
            tell(*what)
        except Exception:
            logger.exception("what happened could not be told")

    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Who is told what: each committed job, all closed gates, a problem with its job's id ("" for none), the
    ids of paid tasks that could be written down nowhere yet, what is left in the account that pays for the
    next image, and what was found out about an unconfirmed job."""

    publish: Callable[[Job], None]
    show_gates: Callable[[tuple[Gate, ...]], None]
    complain: Callable[[str, Problem], None]
    show_unkept: Callable[[tuple[str, ...]], None]
    show_balance: Callable[[Balance], None] = _unheard
    show_findings: Callable[[Findings], None] = _unheard

    def without_harm(self) -> Reports:
        """The same, where a bug of who is told is logged and stops no work that may be paid."""
        return Reports(**{each.name: _harmless(getattr(self, each.name)) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The service that a press goes to, and the fingerprint of its key at that moment; a key that replaces it
    before the request leaves pays in its place."""

    connection: Connection
    key_fingerprint: str


class Engine:
    """Everything that works for one data folder. `open_engine` makes it and ends it.

    `language` is that of the service's error texts ("zh"), "" for the service's own choice.
    """

    def __init__(
        self,
        options: Options,
        data_dir: Path,
        settings: Settings,
        reports: Reports,
        library: Library,
        *,
        language: str = "",
        clock: Clock,
    ) -> None:
        self._options = options
        self._data_dir = data_dir
        self._settings = settings
        self._language = language
        self._complain = reports.complain
        self._show_balance = reports.show_balance
        self._settings_in_order = asyncio.Lock()
        self._practises = options.practice
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._is_damaged = False
        self._library = library
        library.former_folders = tuple(map(Path, settings.former_folders))
        self.safety, self.bin = library.safety, library.bin
        self.store, self.history = library.store, library.history
        self.places, self.prompts, self.collections = library.places, library.prompts, library.collections
        self.imaging, self.references = library.imaging, library.references
        self.thumbnails = library.thumbnails
        self._keys = Keys(environment_key=options.api_key, environment_service=self.service)
        self._connections = Connections()
        self.queue = Queue(
            store=self.store,
            marks=MarkStore(library.database),
            balances=BalanceStore(library.database),
            journal=library.journal,
            connections=self._connections,
            folder_for=self.folder_for,
            reference_path=self.references.path,
            imaging=self.imaging,
            prices=PUBLISHED,
            publish=reports.publish,
            show_gates=reports.show_gates,
            complain=reports.complain,
            show_unkept=reports.show_unkept,
            show_balance=self._balance_told,
            show_findings=reports.show_findings,
            submits_at_once=settings.submits_at_once,
            delivery=settings.delivery,
            clock=self._clock,
            pace=options.pace,
        )

    # What is where

    @property
    def service(self) -> str:
        """The address of the real service."""
        return self._options.base_url or self._settings.base_url

    @property
    def pictures_folder(self) -> Path:
        """Where pictures go at present."""
        return self._library.pictures_folder

    def folder_for(self, job: Job) -> PictureFolder:
        """Where a job's pictures go; practice ones stay apart."""
        folder = self.pictures_folder
        return PictureFolder(folder / PRACTICE_FOLDER if job.service == PRACTICE else folder)

    @property
    def connection(self) -> Connection:
        """Where the next job goes."""
        key, source = self._keys.get(self.service)
        if self._practises or not key:
            return Connection(service=PRACTICE)
        place = self._keys.place if source is KeySource.STORE else ""
        return Connection(service=self.service, key_source=source, key_hint=key[-4:], key_place=place)

    # What the user changes

    @property
    def payer(self) -> Payer:
        """Who is asked for what is pressed now."""
        current = self.present
        return Payer(connection=self.connection, key_fingerprint=current.key_fingerprint if current else "")

    def submit(self, draft: Draft, payer: Payer | None = None, note: Problem | None = None) -> None:
        """One press of Generate, to the service that was connected when it was pressed; else to the present
        one. `note` is what its jobs say as long as they wait."""
        payer = payer or self.payer
        self.queue.submit(draft, payer.connection, payer.key_fingerprint, note=note)

    async def try_key(self, text: str) -> KeyTest:
        """What a free call proves about a key that the user typed; nothing changes yet.

        BadInputError where it cannot be one, NetworkError where the proxy settings cannot be used.
        """
        connection = self._real_connection(self.service, clean_key(text))
        try:
            return await connection.client.try_key()
        finally:
            await connection.aclose()

    def use_key(self, text: str) -> None:
        """Connect with a key that the user typed, for this run.

        BadInputError where it cannot be one, NetworkError where the proxy settings cannot be used.
        """
        service, key = self.service, clean_key(text)
        connection = self._real_connection(service, key)
        self._practises = False
        self._keys.remember(service, key)
        self.queue.connect(connection)

    async def keep_key(self, service: str, text: str) -> bool:
        """Give a key to the system's key store; False where there is none. StorageError where it refuses.

        The store may ask the user for a password first, which takes as long as it takes.
        """
        return bool(await self._keys.keep(service, clean_key(text)))

    async def load_key(self) -> None:
        """Connect with the key that an earlier run gave to the system's key store.

        StorageError where the store does not hand it out, NetworkError where the proxy cannot be used.
        """
        service = self.service
        if service in self._settings.kept_keys and not self._keys.get(service)[0]:
            await self._load_key(service)

    async def load_keys_of(self, jobs: Iterable[Job]) -> None:
        """Connect other services too, where unfinished jobs of theirs wait and their keys are kept."""
        waiting = {job.service for job in jobs if job.is_running or job.needs_user}
        for service in self._settings.kept_keys:
            if service in waiting and service != self.service and self._connections.get(service) is None:
                try:
                    await self._load_key(service)
                except AppError as error:
                    self._complain("", error.problem)

    async def _load_key(self, service: str) -> None:
        if await self._keys.load(service):
            self._connect(service, notice_s=self._options.notice_s)

    def sent_with_present_key(self, job: Job) -> bool:
        """True where the job was sent with the key that the next one is sent with."""
        current = self._connections.get(self.service)
        return current is not None and current.service == job.service and current.sent(job)

    def drop_key(self) -> None:
        """Use the key no more, from this moment on. Back to the environment's key, or to practice.

        Jobs of the real service then wait for a key. NetworkError where the proxy cannot be used.
        """
        service = self.service
        self._keys.forget(service)
        self.queue.disconnect(service)
        self._connect(service)

    async def remove_key(self, service: str) -> None:
        """Take a dropped key out of the system's key store; StorageError where that does not let go of it."""
        await self._keys.remove(service)

    def take_settings(self, settings: Settings) -> None:
        """Work with new settings from now on; NetworkError where the proxy cannot be used."""
        before, self._settings = self._settings, settings
        self.queue.submits_at_once = settings.submits_at_once
        self.queue.delivery = settings.delivery
        if settings.pictures_folder != before.pictures_folder:
            self._library.former_folders = tuple(map(Path, settings.former_folders))
            self._library.pictures_folder = pictures_folder(settings.pictures_folder, self._options.data_dir)
            self.queue.folder_changed()
        if settings.proxy_url != before.proxy_url:
            for service in dict.fromkeys((*self._connections.services, self.service)):
                self._connect(service)
        elif settings.base_url != before.base_url:
            self._connect(self.service)

    async def keep_settings(self) -> None:
        """Write the settings down as they are now; StorageError where the data folder takes nothing."""
        async with self._settings_in_order:
            await asyncio.to_thread(save_settings, self._data_dir, self._settings)

    async def check_folder(self) -> None:
        """StorageError where the picture folder takes no files."""
        await asyncio.to_thread(PictureFolder(self.pictures_folder).preflight, 0)

    @property
    def present(self) -> ServiceConnection | None:
        """What the next image is asked of, with which key: the same thing as long as neither changes."""
        return self._connections.get(self.connection.service)

    async def balance(self) -> Balance | None:
        """What is left in the account that pays for the next image; None without one, AppError where the
        service does not say."""
        current = self.present
        return None if current is None else await self.queue.balance(current)

    def _balance_told(self, connection: ServiceConnection, balance: Balance) -> None:
        """The window shows the account that pays for the next image; others matter to the library alone."""
        if connection is self.present:
            self._show_balance(balance)

    def _connect(self, service: str, *, notice_s: float = 0.0) -> None:
        """Use the key of a real service with the present settings, where there is one."""
        key, _ = self._keys.get(service)
        if key and service != PRACTICE:
            self.queue.connect(self._real_connection(service, key), notice_s=notice_s)

    # Its life

    async def start(self) -> tuple[Job, ...]:
        """Let the queue begin, and hand over the jobs in hand, newest first; none, and nothing begins, where
        the library can only be looked at. After it was restored nothing is sent until that was seen.

        Who asked for practice alone does not want waiting real jobs to be sent, unless they say so.
        """
        if self.safety.view_only is not None:
            return ()
        if self.safety.waits_to_be_seen:
            self.queue.hold()
            await self._give_the_bin_time()
        return await self.queue.start(
            notice_s=self._options.notice_s, hold_real=self._practises, paused=self._settings.paused
        )

    async def _give_the_bin_time(self) -> None:
        """Nobody knows what was brought back from the bin since the backup: its days begin anew, before any
        job in it is in hand."""
        try:
            await self.bin.begin_anew()
        except StorageError as error:
            self._complain("", error.problem)

    async def open(self) -> None:
        """Connect what can be connected. What the settings can mend is told, and opens all the same."""
        self._library.on_damage(self._library_damaged)
        await asyncio.to_thread(remove_unfinished, self._data_dir / REFERENCES_FOLDER)
        read_socks_as_meant()
        self._tls = await asyncio.to_thread(tls_context)
        self._connections.put(self._practice_connection())
        try:
            self._connect(self.service)
        except NetworkError as error:  # the settings can mend it, so the program opens all the same
            self._complain("", error.problem)
            self.queue.cannot_connect(self.service, error.problem)

    async def restored_was_seen(self) -> None:
        """The user knows what was restored: what waits may go, unless the library was found damaged since.
        StorageError where that cannot be noted."""
        await self.safety.was_seen()
        if not self._is_damaged:
            self.queue.resume(Gate(kind=GateKind.LIBRARY))

    def _library_damaged(self, reason: str) -> None:
        """In any thread: nothing more is sent by a library that makes no sense."""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._hold_for_damage, reason)

    def _hold_for_damage(self, reason: str) -> None:
        if not self._is_damaged:
            self._is_damaged = True
            self.queue.hold()
            self._complain("", Problem.of(ProblemKind.LIBRARY_DAMAGED, reason=reason))

    async def tidy(self, draft: Draft) -> None:
        """Throw away what downloads of jobs that are over left in the picture folders, and copies of
        references that neither a job nor the draft needs, nor what the draft was at the start. What failed
        may have come after all."""
        if self.safety.view_only is not None:
            return
        try:
            for folder in map(PictureFolder, self._library.picture_folders):
                over = await self.store.over_among(await asyncio.to_thread(folder.jobs_of_parts))
                await asyncio.to_thread(folder.remove_parts, over)
            named = (await self.store.named_references()).with_those_of(draft)
        except StorageError as error:
            logger.warning("what earlier runs left behind stays: %s", error.problem.kind)
            return
        await asyncio.to_thread(
            remove_unused, self._data_dir / REFERENCES_FOLDER, named, now=self._clock.now()
        )

    async def aclose(self) -> None:
        await self._connections.aclose()

    def _practice_connection(self) -> ServiceConnection:
        speed = self._options.practice_speed
        service = PracticeService(folder=self._data_dir / "practice", speed=speed)
        transport = PracticeTransport(service)
        return ServiceConnection(
            service=PRACTICE,
            client=ApiClient(
                service=PRACTICE,
                key=PRACTICE_KEY,
                language=self._language,
                transport=transport,
                tls=self._tls,
            ),
            downloader=Downloader(loopback=False, transport=transport, tls=self._tls),
            poll_times=self._poll_times(poll_times(speed)),
        )

    def _real_connection(self, service: str, key: str) -> ServiceConnection:
        proxy = self._settings.proxy_url
        downloader = Downloader(loopback=is_loopback(service), proxy=proxy, tls=self._tls)
        return ServiceConnection(
            service=service,
            client=ApiClient(service=service, key=key, proxy=proxy, language=self._language, tls=self._tls),
            downloader=downloader,
            poll_times=self._poll_times(PollTimes()),
            key_fingerprint=fingerprint(key),
        )

    def _poll_times(self, times: PollTimes) -> PollTimes:
        return times.overridden(first_s=self._options.poll_first_s, every_s=self._options.poll_every_s)


@contextlib.asynccontextmanager
async def open_engine(
    options: Options,
    data_dir: Path,
    settings: Settings,
    reports: Reports,
    *,
    library: Library | None = None,
    language: str = "",
    clock: Clock | None = None,
) -> AsyncIterator[Engine]:
    """An engine whose queue is still, on a library that is open already or else on one of its own; its user
    ends the queue, the rest ends here."""
    clock, reports = clock or Clock(), reports.without_harm()
    async with contextlib.AsyncExitStack() as stack:
        if library is None:
            complain = partial(reports.complain, "")
            folder = pictures_folder(settings.pictures_folder, options.data_dir)
            former = tuple(map(Path, settings.former_folders))
            opening = open_library(data_dir, folder, complain, now=clock.now, former_folders=former)
            library = await stack.enter_async_context(opening)
        engine = Engine(options, data_dir, settings, reports, library, language=language, clock=clock)
        stack.push_async_callback(engine.aclose)
        await engine.open()
        yield engine


def save_settings(data_dir: Path, settings: Settings) -> None:
    """Keep settings in the data folder; StorageError where it takes none."""
    with storage_errors(data_dir):
        settings_file.save(data_dir / "settings.json", settings)
