"""Every allowed word, in one place: fields, units, methods, confidence, domains, origins.

A field that is not a member of :class:`Field` cannot be stored; a word that is not in its enumeration is refused
where it is born (see :mod:`flopcrawl.items`). All enumerations are ``StrEnum``: their members are plain strings in
SQLite, in CSV and in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a fact's number counts. An empty unit is a text or a date."""

    NONE = ""
    COUNT = "count"
    PARAMETERS = "parameters"
    TOKENS = "tokens"
    CHIPS = "chips"
    CHIP_HOURS = "chip-hours"
    DAYS = "days"
    FRACTION = "fraction"
    FLOP = "FLOP"
    USD = "USD"
    RATING = "rating"
    DATE = "date"


class Kind(StrEnum):
    """How a field's value is written: a number, a text or a date (ISO, possibly only ``YYYY`` or ``YYYY-MM``)."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


class Field(StrEnum):
    """What a fact is about."""

    NAME = "name"
    ORGANIZATION = "organization"
    COUNTRY = "country"
    RELEASE_DATE = "release_date"
    DOMAIN = "domain"
    ACCESSIBILITY = "accessibility"
    LICENSE = "license"
    ARCHITECTURE = "architecture"
    PARAMETERS_TOTAL = "parameters_total"
    PARAMETERS_ACTIVE = "parameters_active"
    TOKENS_TRAINED = "tokens_trained"
    DATASET_TOKENS = "dataset_tokens"
    EPOCHS = "epochs"
    GPU_TYPE = "gpu_type"
    GPU_COUNT = "gpu_count"
    GPU_HOURS = "gpu_hours"
    TRAINING_DAYS = "training_days"
    MFU = "mfu"
    NUMBER_FORMAT = "number_format"
    FLOP_REPORTED = "flop_reported"
    TRAINING_COST_USD = "training_cost_usd"
    BASE_MODEL = "base_model"
    ARENA_RATING = "arena_rating"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field's kind and unit, what it means, and the bounds outside which a number is refused at birth.

    The bounds are physical limits with a wide margin, not plausibility: they catch a misread unit
    (a token count of 12, a compute of 1e60) and nothing finer.
    """

    kind: Kind
    unit: Unit
    meaning: str
    low: float = 0.0
    high: float = float("inf")


FIELDS: dict[Field, FieldSpec] = {
    Field.NAME: FieldSpec(Kind.TEXT, Unit.NONE, "the model's name as its developer writes it"),
    Field.ORGANIZATION: FieldSpec(Kind.TEXT, Unit.NONE, "who developed it"),
    Field.COUNTRY: FieldSpec(Kind.TEXT, Unit.NONE, "country of the developer"),
    Field.RELEASE_DATE: FieldSpec(Kind.DATE, Unit.DATE, "day the model was released or announced"),
    Field.DOMAIN: FieldSpec(Kind.TEXT, Unit.NONE, "what the model works on"),
    Field.ACCESSIBILITY: FieldSpec(Kind.TEXT, Unit.NONE, "how the model can be used"),
    Field.LICENSE: FieldSpec(Kind.TEXT, Unit.NONE, "licence of the weights"),
    Field.ARCHITECTURE: FieldSpec(Kind.TEXT, Unit.NONE, "dense, mixture of experts, …"),
    Field.PARAMETERS_TOTAL: FieldSpec(Kind.NUMBER, Unit.PARAMETERS, "all weights", 1e3, 1e16),
    Field.PARAMETERS_ACTIVE: FieldSpec(Kind.NUMBER, Unit.PARAMETERS, "weights used for one token", 1e3, 1e16),
    Field.TOKENS_TRAINED: FieldSpec(Kind.NUMBER, Unit.TOKENS, "tokens seen in training, epochs included", 1e5, 1e17),
    Field.DATASET_TOKENS: FieldSpec(Kind.NUMBER, Unit.TOKENS, "unique tokens of the training set", 1e5, 1e17),
    Field.EPOCHS: FieldSpec(Kind.NUMBER, Unit.COUNT, "passes over the training set", 1e-3, 1e6),
    Field.GPU_TYPE: FieldSpec(Kind.TEXT, Unit.NONE, "accelerator the model was trained on"),
    Field.GPU_COUNT: FieldSpec(Kind.NUMBER, Unit.CHIPS, "accelerators used at once", 1, 1e8),
    Field.GPU_HOURS: FieldSpec(Kind.NUMBER, Unit.CHIP_HOURS, "hours summed over all accelerators", 1e-2, 1e12),
    Field.TRAINING_DAYS: FieldSpec(Kind.NUMBER, Unit.DAYS, "wall-clock time of the training run", 1e-4, 5e3),
    Field.MFU: FieldSpec(Kind.NUMBER, Unit.FRACTION, "model FLOP utilization (not hardware utilization)", 1e-3, 1.0),
    Field.NUMBER_FORMAT: FieldSpec(Kind.TEXT, Unit.NONE, "number format of the training run (BF16, FP8, …)"),
    Field.FLOP_REPORTED: FieldSpec(Kind.NUMBER, Unit.FLOP, "training compute that the developer states", 1e6, 1e32),
    Field.TRAINING_COST_USD: FieldSpec(Kind.NUMBER, Unit.USD, "stated cost of the training run", 1.0, 1e13),
    Field.BASE_MODEL: FieldSpec(Kind.TEXT, Unit.NONE, "model that this one continues"),
    Field.ARENA_RATING: FieldSpec(Kind.NUMBER, Unit.RATING, "raw rating on the text leaderboard", 100, 4000),
    Field.DOWNLOADS: FieldSpec(Kind.NUMBER, Unit.COUNT, "downloads of the last 30 days", 0, 1e13),
}

COMPUTE_FIELDS: frozenset[Field] = frozenset({
    Field.PARAMETERS_TOTAL, Field.PARAMETERS_ACTIVE, Field.TOKENS_TRAINED, Field.DATASET_TOKENS, Field.EPOCHS,
    Field.GPU_TYPE, Field.GPU_COUNT, Field.GPU_HOURS, Field.TRAINING_DAYS, Field.MFU, Field.NUMBER_FORMAT,
    Field.FLOP_REPORTED, Field.TRAINING_COST_USD,
})  # fmt: skip
"""Fields that say something about training compute, as opposed to what the model is."""


FAR_APART = 100.0
"""Two orders of magnitude: values further apart than this factor cannot both be what they seem.

One rule, for what a page says, for what several pages say, and for what a person enters.
"""

MORE_ACTIVE = 1.05
"""A model cannot have more active parameters than in all; up to this factor the two are one number, rounded twice."""


class Qualifier(StrEnum):
    """How exactly a number is stated: exactly, about, less than, more than, or as a range."""

    EXACT = "="
    ABOUT = "~"
    LESS = "<"
    MORE = ">"
    RANGE = "range"


class Scope(StrEnum):
    """Whose number it is. Only ``model`` is the model's own total."""

    MODEL = "model"
    FAMILY = "family"
    RATE = "rate"
    OTHER = "other"


class Origin(StrEnum):
    """How a claim came here."""

    SCRAPED = "scraped"
    PASTED = "pasted"
    MANUAL = "manual"
    REPLAY = "replay"
    SAMPLE = "sample"


MIXED = "mixed"
"""The origin of a model that rests on claims of more than one origin."""


class Status(StrEnum):
    """A claim's standing. Nothing is deleted: what a page no longer says is superseded."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    IMPLAUSIBLE = "implausible"
    REJECTED = "rejected"


class SourceState(StrEnum):
    """Where an answer (or a whole source) came from in a run."""

    LIVE = "live"
    FALLBACK = "fallback"
    STALE = "stale"
    REPLAY = "replay"
    ABSENT = "absent"
    OFF = "off"
    FAILED = "failed"


class Method(StrEnum):
    """How training compute was estimated, in order of precedence."""

    MANUAL = "manual"
    REPORTED = "reported"
    OPERATIONS_HARDWARE = "operations+hardware"
    OPERATIONS = "operations"
    HARDWARE = "hardware"
    BASE = "base"
    BOUND = "bound"
    LEADERBOARD = "leaderboard"
    UNDISCLOSED = "undisclosed"
    PARAMETERS = "parameters"


class Confidence(StrEnum):
    """Epoch's words for how well a value is known."""

    CONFIDENT = "Confident"
    LIKELY = "Likely"
    SPECULATIVE = "Speculative"
    UNKNOWN = "Unknown"


class Classification(StrEnum):
    """Where a model stands against a threshold."""

    OVER = "over"
    UNCERTAIN = "uncertain"
    UNDER = "under"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


class Domain(StrEnum):
    """Epoch's words for what a model works on."""

    LANGUAGE = "Language"
    VISION = "Vision"
    MULTIMODAL = "Multimodal"
    VIDEO = "Video"
    IMAGE_GENERATION = "Image generation"
    SPEECH = "Speech"
    AUDIO = "Audio"
    BIOLOGY = "Biology"
    ROBOTICS = "Robotics"
    MATHEMATICS = "Mathematics"
    GAMES = "Games"
    RECOMMENDATION = "Recommendation"
    OTHER = "Other"


class Accessibility(StrEnum):
    """Epoch's words for how a model can be used."""

    API = "API access"
    HOSTED = "Hosted access (no API)"
    OPEN_UNRESTRICTED = "Open weights (unrestricted)"
    OPEN_RESTRICTED = "Open weights (restricted use)"
    OPEN_NON_COMMERCIAL = "Open weights (non-commercial)"
    UNRELEASED = "Unreleased"


class Architecture(StrEnum):
    """How a model's weights are used."""

    DENSE = "dense"
    MIXTURE_OF_EXPERTS = "mixture of experts"
    STATE_SPACE = "state space"
    HYBRID = "hybrid"
    DIFFUSION = "diffusion"
    OTHER = "other"


class Cause(StrEnum):
    """Why a stored value changed."""

    SCRAPED = "scraped"
    PASTED = "pasted"
    MANUAL = "manual"
    OVERRIDE_REMOVED = "override_removed"
    DECISION = "decision"
    ALIAS = "alias"
    CALIBRATION = "calibration"
    CODE = "code"
    REPLAY = "replay"
    SAMPLE = "sample"


class OverrideStatus(StrEnum):
    """What became of a hand-edited row."""

    APPLIED = "applied"
    REDUNDANT = "redundant"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What a person said of a claim."""

    ACCEPT = "accept"
    REJECT = "reject"
