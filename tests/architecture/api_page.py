"""The API's page as a table: every row of it in our own words, with the tests that show it.

`INVENTORY` is what the page has, by part, written down apart from the table so that neither can lose a row
unnoticed. `CELLS` are its 45 cells of pixels. `key` of a row is a fragment by which the page's own line can
be found; rows without one stand for what the text of the page lost (names of fields, samples).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the page."""

    ENDPOINT = "endpoint"
    AUTH = "authorization"
    FIELD = "body field"
    SIZE = "size word"
    TIER = "tier"
    CELL = "pixels of a ratio and a tier"
    REFERENCE = "references"
    IGNORED = "ignored field"
    ANSWER = "answer to a submit"
    QUERY = "task query"
    STATE = "task state"
    POLLING = "polling advice"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that the page says, and the tests (pytest node ids) that show it."""

    part: Part
    name: str
    says: str
    shown_by: tuple[str, ...]
    keys: tuple[str, ...] = ()


RATIOS = (
    "1:1", "3:2", "2:3", "4:3", "3:4", "5:4", "4:5", "16:9",
    "9:16", "2:1", "1:2", "3:1", "1:3", "21:9", "9:21",
)  # fmt: skip
TIERS = ("1k", "2k", "4k")
CELLS = """
1:1  1024x1024|1254x1254 2048x2048 2880x2880
3:2  1536x1024           2048x1360 3520x2336
2:3  1024x1536           1360x2048 2336x3520
4:3  1024x768            2048x1536 3312x2480
3:4  768x1024            1536x2048 2480x3312
5:4  1280x1024|1448x1086 2560x2048 3216x2576
4:5  1024x1280|1122x1402 2048x2560 2576x3216
16:9 1536x864|1672x941   2048x1152 3840x2160
9:16 864x1536|941x1672   1152x2048 2160x3840
2:1  2048x1024|1774x887  2688x1344 3840x1920
1:2  1024x2048|887x1774  1344x2688 1920x3840
3:1  1881x836|1536x512   3072x1024 3840x1280
1:3  887x1774|512x1536   1024x3072 1280x3840
21:9 2016x864|1915x821   2688x1152 3840x1648
9:21 864x2016|821x1915   1152x2688 1648x3840
"""
"""Ratio, then one cell for each tier; `|` parts the two sizes of a cell that has two."""


def cells() -> dict[tuple[str, str], tuple[str, ...]]:
    """Each ratio and tier with the one or two pixel sizes that may come back."""
    lines = (line.split() for line in CELLS.strip().splitlines())
    return {
        (ratio, tier): tuple(cell.split("|"))
        for ratio, *row in lines
        for tier, cell in zip(TIERS, row, strict=True)
    }


INVENTORY: dict[Part, tuple[str, ...]] = {
    Part.ENDPOINT: ("submit", "task", "batch"),
    Part.AUTH: ("bearer key", "every endpoint"),
    Part.FIELD: ("model", "prompt", "n", "size", "resolution", "image_urls", "official_fallback"),
    Part.SIZE: ("auto", *RATIOS, "pixels"),
    Part.TIER: TIERS,
    Part.CELL: tuple(f"{ratio} {tier}" for ratio in RATIOS for tier in TIERS),
    Part.REFERENCE: ("sixteen", "addresses", "base64", "mixed", "image to image"),
    Part.IGNORED: ("response_format", "quality", "style", "only addresses come back"),
    Part.ANSWER: ("code", "data", "task_id"),
    Part.QUERY: ("by id", "result", "several results"),
    Part.STATE: ("submitted", "processing", "completed", "failed"),
    Part.POLLING: ("first look", "pause", "slow is not failed", "several at once"),
    Part.NOTE: (
        "two shapes of work",
        "fifteen ratios",
        "three tiers",
        "asynchronous",
        "moderation",
        "result address",
        "expires_at",
        "ratio conflict",
        "billing by tier",
        "failure is free",
        "4k for all ratios",
        "4k by pixels",
        "retention",
    ),
}

# Files of tests, so that the node ids below fit on a line.

_WAY = "tests/e2e/test_way.py::"
_PAGE = "tests/e2e/test_page.py::"
_GIVEN = "tests/e2e/test_references.py::"
_WRONG = "tests/e2e/test_bad_input.py::"
_ROWS = "tests/unit/api/test_page_rows.py::"
_BODY = "tests/unit/api/test_body.py::"
_READS = "tests/unit/api/test_reads.py::"
_WIRE = "tests/unit/api/test_wire.py::"
_SIZES = "tests/unit/test_sizes.py::"
_SCHEDULE = "tests/unit/test_schedule.py::"
_PRICES = "tests/unit/test_prices.py::"
_REQUEST = "tests/unit/test_request.py::"
_VERDICT = "tests/unit/test_verdict.py::"
_TOGETHER = "tests/unit/queue/test_status_queries.py::"
_PLATE = "tests/ui/compose/test_sizes.py::"
_PANEL = "tests/ui/compose/test_generate.py::"
_LIFE = "tests/unit/practice/test_task_life.py::"
_REFUSALS = "tests/unit/practice/test_refusals.py::"
_DRAWN = "tests/unit/practice/test_results.py::"
_MONEY = "tests/unit/practice/test_money.py::"
_MANY = "tests/unit/practice/test_batch.py::"
_ODD_SUBMIT = "tests/faults/test_odd_answers.py::"
_ODD_REPORT = "tests/faults/test_odd_reports.py::"
_ODD_FILE = "tests/faults/test_odd_transfers.py::"

_CLICK = _WAY + "test_a_click_becomes_a_picture"
_PLAIN = _BODY + "test_a_plain_request_has_five_fields"
_NO_OTHER = _ROWS + "test_no_field_is_sent_that_the_page_does_not_name"
_WRONG_FIELDS = _REFUSALS + "test_a_wrong_submit_is_refused_in_the_documented_form"
_SIXTEEN = _GIVEN + "test_ten_files_and_six_addresses_arrive_in_the_order_of_the_tray"
_WORDS = _GIVEN + "test_auto_and_every_ratio_arrive_as_the_words_of_the_service"
_EXACT = "tests/e2e/test_requests.py::test_every_size_arrives_with_exactly_the_fields_of_the_page"
_CELL = _SIZES + "test_cell_is_as_published"
_COMES_BACK = _DRAWN + "test_every_size_of_the_table_comes_back_and_no_other"
_SAVED = _PAGE + "test_each_size_of_the_table_is_saved_with_the_pixels_that_came"
_ASKED = _ROWS + "test_each_cell_of_the_table_is_asked_for_by_its_two_words"
_STATES = _ROWS + "test_each_of_the_four_states_has_its_meaning"
_ALL_RUN = _TOGETHER + "test_one_query_asks_about_all_that_run"
_UNKNOWN = _ODD_REPORT + "test_no_odd_answer_about_a_task_ends_it"

_ENDPOINTS = (
    Row(
        part=Part.ENDPOINT,
        name="submit",
        says="a picture is asked for by a POST to /v1/images/generations, shaped like OpenAI's",
        keys=("OpenAI Images compatible",),
        shown_by=(_CLICK, _PLAIN),
    ),
    Row(
        part=Part.ENDPOINT,
        name="task",
        says="what became of it is told by GET /v1/tasks/ and the task's id",
        keys=("via GET /v1/tasks/",),
        shown_by=(_CLICK, _TOGETHER + "test_a_single_job_is_asked_about_singly"),
    ),
    Row(
        part=Part.ENDPOINT,
        name="batch",
        says="several tasks are told by one POST to /v1/tasks/batch",
        keys=("POST /v1/tasks/batch",),
        shown_by=(_ALL_RUN, _READS + "test_every_shape_of_a_batch_answer_is_read"),
    ),
)

_AUTH = (
    Row(
        part=Part.AUTH,
        name="bearer key",
        says="the key stands in the Authorization header behind the word Bearer",
        keys=("Bearer Token", "Include it in the request header"),
        shown_by=(_CLICK, _PAGE + "test_every_call_to_the_service_carries_the_key_and_no_other_call_does"),
    ),
    Row(
        part=Part.AUTH,
        name="every endpoint",
        says="no endpoint answers without it",
        keys=("All endpoints require",),
        shown_by=(
            _PAGE + "test_every_call_to_the_service_carries_the_key_and_no_other_call_does",
            _REFUSALS + "test_without_a_right_key_nothing_is_told",
            _ODD_SUBMIT + "test_a_wrong_key_and_an_empty_account_hold_the_queue",
        ),
    ),
)

_FIELDS = (
    Row(
        part=Part.FIELD,
        name="model",
        says="always gpt-image-2, there is no default",
        keys=("Image generation model name",),
        shown_by=(_PLAIN, _WRONG_FIELDS),
    ),
    Row(
        part=Part.FIELD,
        name="prompt",
        says="required; English, Chinese and anything else, as long as one likes; reviewed before the work",
        keys=("Text description", "English and Chinese", "Pre-submission content"),
        shown_by=(
            _ROWS + "test_the_prompt_goes_as_it_was_typed_and_the_ratio_apart_from_it",
            _REQUEST + "test_every_other_character_may_go",
            _REQUEST + "test_length_of_the_prompt",
            _WRONG + "test_an_empty_prompt_makes_no_job",
            _WAY + "test_a_refused_prompt_says_why_and_costs_nothing",
        ),
    ),
    Row(
        part=Part.FIELD,
        name="n",
        says="always the number 1: several pictures are several requests",
        keys=("Number of images to generate",),
        shown_by=(_PLAIN, _NO_OTHER, _WRONG_FIELDS, _WAY + "test_every_press_is_a_job"),
    ),
    Row(
        part=Part.FIELD,
        name="size",
        says="auto, one of 15 ratios, or pixels; 1:1 where nothing else is chosen, and always sent",
        keys=("Image aspect ratio", "plus", "Pixel dimensions can also be passed"),
        shown_by=(_PLAIN, _EXACT, _WORDS, _BODY + "test_every_kind_of_size_is_written_as_the_api_takes_it"),
    ),
    Row(
        part=Part.FIELD,
        name="resolution",
        says="1k, 2k or 4k in lower case; 1k where nothing else is chosen, and always sent",
        keys=("Output resolution tier", "Output pixel tier controlled"),
        shown_by=(
            _PLAIN,
            _EXACT,
            _ASKED,
            _GIVEN + "test_a_size_in_pixels_arrives_as_typed_and_with_a_tier",
            _PLATE + "test_every_tier_has_its_button",
        ),
    ),
    Row(
        part=Part.FIELD,
        name="image_urls",
        says="up to 16 references; absent where there are none",
        keys=("Reference image array",),
        shown_by=(_SIXTEEN, _EXACT, _GIVEN + "test_without_references_there_is_no_such_field", _NO_OTHER),
    ),
    Row(
        part=Part.FIELD,
        name="official_fallback",
        says="true for the official channel; false is the default and goes without saying",
        keys=("fall back to the official channel", "Do not use", "Use the official channel"),
        shown_by=(
            _GIVEN + "test_the_official_channel_is_named_when_it_is_wanted_and_only_then",
            _EXACT,
            _BODY + "test_references_keep_their_order_and_bytes",
            _NO_OTHER,
        ),
    ),
)

_SIZE_WORDS = (
    Row(
        part=Part.SIZE,
        name="auto",
        says="the service picks the shape, so nothing is promised before",
        keys=("let the server pick",),
        shown_by=(
            _WORDS,
            _SIZES + "test_free_sizes_come_back_as_asked_and_auto_promises_nothing",
            _PLATE + "test_auto_leaves_the_size_to_the_service",
            _DRAWN + "test_auto_picks_several_shapes_of_the_tier",
        ),
    ),
    *(
        Row(
            part=Part.SIZE,
            name=ratio,
            says=f"a shape by name: {ratio}",
            shown_by=(
                _WORDS,
                _PLATE + "test_every_ratio_has_its_button",
                _SIZES + "test_ratio_is_what_it_says",
            ),
        )
        for ratio in RATIOS
    ),
    Row(
        part=Part.SIZE,
        name="pixels",
        says="width and height with an x between them, such as 1881x836",
        keys=("1881x836",),
        shown_by=(
            _GIVEN + "test_a_size_in_pixels_arrives_as_typed_and_with_a_tier",
            _SIZES + "test_what_is_sent_reads_back_as_the_same_size",
            _DRAWN + "test_free_pixels_come_back_as_asked",
        ),
    ),
)

_TIERS = tuple(
    Row(
        part=Part.TIER,
        name=tier,
        says=f"{tier}, written just so, sets the pixels and the price",
        keys=("1k / 2k / 4k",),
        shown_by=(
            _ASKED,
            _PLATE + "test_every_tier_has_its_button",
            _PRICES + "test_named_sizes_are_billed_by_their_tier",
        ),
    )
    for tier in TIERS
)


def _cell(ratio: str, tier: str, sizes: tuple[str, ...]) -> Row:
    told = (
        _PLATE + "test_two_outcomes_are_both_told_and_drawn_to_one_scale",
        _SIZES + "test_eleven_cells_have_two_outcomes_all_at_1k",
    )
    return Row(
        part=Part.CELL,
        name=f"{ratio} {tier}",
        says=f"comes back as {' or '.join(sizes)}",
        shown_by=(_CELL, _ASKED, _COMES_BACK, _SAVED, *(told if len(sizes) == 2 else ())),
    )


_REFERENCES = (
    Row(
        part=Part.REFERENCE,
        name="sixteen",
        says="16 fit in one request, a 17th does not",
        keys=("Up to 16 reference images",),
        shown_by=(
            _SIXTEEN,
            _GIVEN + "test_the_seventeenth_is_asked_about_and_nothing_is_sent_meanwhile",
            _REQUEST + "test_the_seventeenth_reference",
            _WRONG_FIELDS,
        ),
    ),
    Row(
        part=Part.REFERENCE,
        name="addresses",
        says="a reference may be an http(s) address, which the service fetches itself",
        keys=("Up to 16 reference images",),
        shown_by=(_SIXTEEN, _REQUEST + "test_addresses_that_the_service_may_fetch"),
    ),
    Row(
        part=Part.REFERENCE,
        name="base64",
        says="a reference may be the picture itself as a data URI",
        keys=("Up to 16 reference images",),
        shown_by=(_WAY + "test_references_arrive_as_data_uris_in_order", _WRONG_FIELDS),
    ),
    Row(
        part=Part.REFERENCE,
        name="mixed",
        says="both kinds in one request, in the user's order",
        keys=("Up to 16 reference images",),
        shown_by=(_SIXTEEN, _BODY + "test_references_keep_their_order_and_bytes"),
    ),
    Row(
        part=Part.REFERENCE,
        name="image to image",
        says="that there are references is what makes a picture from pictures",
        keys=("Switches to image-to-image",),
        shown_by=(_SIXTEEN, _DRAWN + "test_all_sixteen_references_are_seen_in_the_picture"),
    ),
)

_IGNORED = (
    *(
        Row(
            part=Part.IGNORED,
            name=name,
            says=f"{name} means nothing to the service, so it is neither offered nor sent",
            keys=("Other OpenAI standard fields", "are not supported and will be ignored"),
            shown_by=(_NO_OTHER, _CLICK),
        )
        for name in ("response_format", "quality", "style")
    ),
    Row(
        part=Part.IGNORED,
        name="only addresses come back",
        says="the picture itself is never in an answer; it is fetched from where the answer points to",
        keys=("Task results only return",),
        shown_by=(_CLICK, _ODD_FILE + "test_only_a_whole_picture_is_ever_saved"),
    ),
)

_ANSWER = (
    Row(
        part=Part.ANSWER,
        name="code",
        says="200 in the body where all is well; anything else there is an error although HTTP says 200",
        keys=("Response status code",),
        shown_by=(
            _VERDICT + "test_28_error_inside_a_200_counts_as_itself",
            _ODD_SUBMIT + "test_a_refusal_is_final_and_costs_nothing",
        ),
    ),
    Row(
        part=Part.ANSWER,
        name="data",
        says="a list with one entry for the task; an object in its place is read as well",
        keys=("Response data array",),
        shown_by=(_ODD_SUBMIT + "test_a_task_that_is_named_in_any_way_is_brought_home",),
    ),
    Row(
        part=Part.ANSWER,
        name="task_id",
        says="the name of the task, by which it is asked about",
        keys=("After successful submission",),
        shown_by=(
            _CLICK,
            _VERDICT + "test_whole_answer_with_a_task_is_accepted",
            _ODD_SUBMIT + "test_a_task_id_that_no_path_can_hold_is_no_task_id",
        ),
    ),
)

_QUERY = (
    Row(
        part=Part.QUERY,
        name="by id",
        says="the task's id stands in the path",
        keys=("via GET /v1/tasks/",),
        shown_by=(_READS + "test_without_a_language_nothing_is_added", _CLICK),
    ),
    Row(
        part=Part.QUERY,
        name="result",
        says="the address is data.result.images[0].url[0]",
        keys=("data.result.images[0].url[0]",),
        shown_by=(
            _WIRE + "test_links_are_found_in_every_shape",
            _CLICK,
            _LIFE + "test_a_task_is_pending_for_its_time_and_then_leads_to_a_picture",
        ),
    ),
    Row(
        part=Part.QUERY,
        name="several results",
        says="images and url are lists: every address in them is fetched, each once",
        keys=("data.result.images[0].url[0]",),
        shown_by=(
            _WIRE + "test_links_are_found_in_every_shape",
            _ODD_REPORT + "test_every_picture_of_a_task_is_saved",
        ),
    ),
)

_STATE_ROWS = (
    Row(
        part=Part.STATE,
        name="submitted",
        says="taken; go on looking",
        shown_by=(_STATES, _WIRE + "test_only_known_words_end_a_task"),
    ),
    Row(
        part=Part.STATE,
        name="processing",
        says="being made; go on looking",
        shown_by=(_STATES, _WIRE + "test_only_known_words_end_a_task", _ALL_RUN),
    ),
    Row(
        part=Part.STATE,
        name="completed",
        says="made; result.images says where it is",
        shown_by=(_STATES, _CLICK, _ODD_REPORT + "test_a_result_in_any_shape_is_fetched"),
    ),
    Row(
        part=Part.STATE,
        name="failed",
        says="not made; error.message says why",
        shown_by=(
            _STATES,
            _WAY + "test_a_failed_task_says_why_and_costs_nothing",
            _ODD_REPORT + "test_a_failed_task_has_failed_whatever_it_says_of_its_reason",
        ),
    ),
)

_POLLING = (
    Row(
        part=Part.POLLING,
        name="first look",
        says="10 to 20 seconds after the submit",
        keys=("Initial query delay",),
        shown_by=(
            _SCHEDULE + "test_first_look_after_10_to_20_seconds",
            _PAGE + "test_the_real_service_is_looked_at_as_its_page_advises",
        ),
    ),
    Row(
        part=Part.POLLING,
        name="pause",
        says="3 to 5 seconds between looks, never milliseconds",
        keys=("Query interval",),
        shown_by=(
            _SCHEDULE + "test_pauses_widen_with_age_and_never_end",
            _PAGE + "test_the_real_service_is_looked_at_as_its_page_advises",
        ),
    ),
    Row(
        part=Part.POLLING,
        name="slow is not failed",
        says="30 to 60 seconds are usual; a task that takes longer is looked at for as long as it takes",
        keys=("Timeout reference", "observed"),
        shown_by=(
            _SCHEDULE + "test_pauses_widen_with_age_and_never_end",
            _LIFE + "test_speed_sets_the_pace",
            _UNKNOWN,
        ),
    ),
    Row(
        part=Part.POLLING,
        name="several at once",
        says="one question with the ids of all that run, as task_ids",
        keys=("Batch query",),
        shown_by=(
            _ALL_RUN,
            _TOGETHER + "test_a_query_names_fifty_tasks_at_most",
            _READS + "test_every_shape_of_a_batch_answer_is_read",
            _MANY + "test_each_task_is_told_as_a_single_look_tells_it",
        ),
    ),
)

_NOTES = (
    Row(
        part=Part.NOTE,
        name="two shapes of work",
        says="a picture from words alone, or from words and pictures",
        keys=("text-to-image / image-to-image",),
        shown_by=(_CLICK, _SIXTEEN),
    ),
    Row(
        part=Part.NOTE,
        name="fifteen ratios",
        says="15 shapes have names",
        keys=("15 image aspect ratios",),
        shown_by=(_SIZES + "test_the_page_has_45_cells_and_so_has_the_table", _WORDS),
    ),
    Row(
        part=Part.NOTE,
        name="three tiers",
        says="three tiers, which are also the unit of the price",
        keys=("Output pixel tier", "Billed by resolution tier"),
        shown_by=(_ASKED, _PRICES + "test_named_sizes_are_billed_by_their_tier"),
    ),
    Row(
        part=Part.NOTE,
        name="asynchronous",
        says="a submit brings a task, the task brings the address later",
        keys=("Asynchronous processing", "to get the final image URL"),
        shown_by=(_CLICK, _LIFE + "test_a_task_is_pending_for_its_time_and_then_leads_to_a_picture"),
    ),
    Row(
        part=Part.NOTE,
        name="moderation",
        says="a prompt against the rules is refused at once, for good, and for nothing",
        keys=("Content moderation", "violations are rejected"),
        shown_by=(
            _WAY + "test_a_refused_prompt_says_why_and_costs_nothing",
            _ODD_SUBMIT + "test_a_refusal_is_final_and_costs_nothing",
            _REFUSALS + "test_moderation_refuses_at_once_and_for_good",
            _MONEY + "test_refusals_cost_nothing",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="result address",
        says="a steady address on a host of its own, open to all: fetched as it is and without the key",
        keys=("Result URL",),
        shown_by=(
            _WAY + "test_the_key_never_goes_to_the_file_host",
            _PAGE + "test_every_call_to_the_service_carries_the_key_and_no_other_call_does",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="expires_at",
        says="a hint: 24 hours after the end; the file is fetched at once, a dead address is asked for anew",
        keys=("URL validity", "is a hint field"),
        shown_by=(
            _PAGE + "test_the_dates_of_a_result_are_kept_as_a_hint_and_never_stop_a_download",
            _LIFE + "test_a_task_is_pending_for_its_time_and_then_leads_to_a_picture",
            _LIFE + "test_a_link_works_for_a_day",
            _WAY + "test_a_dead_link_is_asked_for_afresh",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="ratio conflict",
        says="the ratio goes in its field; the program adds none to the prompt (a warning about a ratio that "
        "the user typed there belongs to a later version)",
        keys=("Ratio conflict", "for aspect ratio — avoid repeating it"),
        shown_by=(_ROWS + "test_the_prompt_goes_as_it_was_typed_and_the_ratio_apart_from_it",),
    ),
    Row(
        part=Part.NOTE,
        name="billing by tier",
        says="the tier sets the price, whatever the ratio",
        keys=("Billed by resolution tier", "Billing"),
        shown_by=(
            _PRICES + "test_named_sizes_are_billed_by_their_tier",
            _LIFE + "test_a_task_costs_what_its_tier_costs_from_its_first_look_on",
            _PANEL + "test_the_button_names_the_price",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="failure is free",
        says="neither a failure nor a refusal costs anything",
        keys=("no charge on failure",),
        shown_by=(
            _WAY + "test_a_failed_task_says_why_and_costs_nothing",
            _MONEY + "test_a_failed_task_gives_its_price_back_when_it_fails",
            _MONEY + "test_refusals_cost_nothing",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="4k for all ratios",
        says="each of the 15 ratios can be had at 4k",
        keys=("4K supported ratios",),
        shown_by=(_ASKED, _SAVED, _CELL),
    ),
    Row(
        part=Part.NOTE,
        name="4k by pixels",
        says="the pixels of a 4k cell can be asked for as such",
        keys=("pass the corresponding pixel dimensions",),
        shown_by=(
            _GIVEN + "test_a_size_in_pixels_arrives_as_typed_and_with_a_tier",
            _PRICES + "test_free_sizes_cost_the_dearer_of_their_pixels_and_their_tier",
        ),
    ),
    Row(
        part=Part.NOTE,
        name="retention",
        says="after some days a task is forgotten: “task does not exist or has expired”",
        keys=("Task retention", "task does not exist or has expired"),
        shown_by=(
            _READS + "test_an_unknown_task_is_known_by_its_words",
            _ROWS + "test_a_task_out_of_its_retention_is_told_in_the_words_of_the_page",
            _LIFE + "test_after_a_week_tasks_are_forgotten_and_their_files_go",
            _UNKNOWN,
        ),
    ),
)

TABLE: tuple[Row, ...] = (
    *_ENDPOINTS,
    *_AUTH,
    *_FIELDS,
    *_SIZE_WORDS,
    *_TIERS,
    *(_cell(ratio, tier, sizes) for (ratio, tier), sizes in cells().items()),
    *_REFERENCES,
    *_IGNORED,
    *_ANSWER,
    *_QUERY,
    *_STATE_ROWS,
    *_POLLING,
    *_NOTES,
)
"""Every row of the page."""
