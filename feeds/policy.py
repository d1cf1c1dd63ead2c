"""The engine's settings: one named, validated, versioned object that operators edit.

Pure: no Django. Defaults and their sources are those of the traffic pool and feed mechanisms
described in docs/engine.md; every one of them can be changed in the admin.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, asdict, dataclass, field, fields, is_dataclass
from typing import Any, get_type_hints

from .policy_rules import faults_of

# No setting is beyond this: sums of them fit the columns they end up in.
GREATEST = 1_000_000_000


class PolicyError(ValueError):
    """What is wrong with a proposed policy: a list of sentences, each naming its setting."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Tier:
    """One rung of the ladder."""

    name: str
    # Impressions promised to every note, and up to how many more by its quality.
    base: int
    extra: int = 0
    # Hours in which the promise should be kept.
    hours: int = 24


@dataclass(frozen=True)
class EngagementWeights:
    """How much each act of a reader counts (CES); widely quoted, disputed, hence a setting."""

    like: float = 1
    collect: float = 1
    comment: float = 4
    share: float = 4
    follow: float = 8


@dataclass(frozen=True)
class Pools:
    ladder: tuple[Tier, ...] = (
        Tier("P0", base=100, extra=100),
        Tier("P1", base=500),
        Tier("P2", base=2_000),
        Tier("P3", base=10_000, hours=48),
    )
    # Pools above the first promise at most this share of the people who read within their time:
    # not everybody who comes can be brought to one note.
    upper_share: float = 0.5
    # Below this quality a note stays with its author's followers, search and profile.
    quality_bar: float = 0.35
    # Lower confidence bound: 1.28 is 90% one-sided.
    wilson_z: float = 1.28
    # The bound must exceed this multiple of the usual rate of the channel's notes in that pool.
    gate_factor: float = 1.1
    # Usual engagement per impression before a channel has records, and how many notes it weighs.
    prior_rate: float = 0.04
    prior_notes: int = 10
    # Fewer impressions than this are no judgement.
    least_impressions: int = 20
    # How long a shortfall is carried over before the note is judged on what it got.
    make_good_hours: int = 48
    # Minutes between a kept promise and its verdict: what the last readers do counts too.
    cooldown_minutes: int = 15
    # A moderator looks before a note rises into this pool or a higher one; 0: into none.
    second_look_from: int = 0
    # Hours a note waits for that look, and what it does when nobody came: rises or stays.
    second_look_hours: int = 12
    second_look_late: str = "rises"
    # One slot in this many cards of discover belongs to P0.
    slot_every: int = 10
    # What a slot is worth to each further new note of one author, as a share of the one before it;
    # 1 treats all notes alike, whoever wrote them.
    author_share: float = 0.5
    # Rank factor of notes that passed a gate.
    promoted_factor: float = 1.5
    # Deliveries under way may exceed the promise by this share.
    over_delivery: float = 0.05
    # Minutes after which a served but unseen pool card is given back.
    reservation_minutes: int = 10
    # Notes older than this many days enter no pool (imports, restored notes).
    admit_days: int = 7


@dataclass(frozen=True)
class Quality:
    """Which notes may be recommended, and how the weights of quality are learnt."""

    # Below this originality a note is not recommended however good the rest; 0 lets copies in.
    least_originality: float = 0.3
    # Impressions that a note needs before the weights of quality are learnt from it.
    learn_impressions: int = 30
    # Notes with so many impressions that learning needs; with fewer the weights stay.
    learn_notes: int = 300
    # How many notes the built-in weights count for beside what readers did.
    prior_notes: int = 300


@dataclass(frozen=True)
class Interests:
    """How acts move the interest profile, in points of weight, and how fast it forgets."""

    half_life_days: float = 30
    # The part of this sitting: fades within the hour, so that a rising interest shows at once.
    recent_half_life_minutes: float = 40
    # How much the sitting counts beside what lasts.
    recent_share: float = 0.8
    # Points of a search for what the words name.
    search: float = 1.5
    open: float = 0.5
    long_read: float = 1.0
    like: float = 2.0
    collect: float = 3.0
    comment: float = 3.0
    share: float = 4.0
    follow: float = 3.0
    hide: float = -4.0
    chosen: float = 5.0
    # Least points of an interest that the person pinned.
    pinned: float = 6.0
    # Seconds of dwell that count as a long read.
    long_read_seconds: float = 8
    # Tags kept per person.
    most_tags: int = 100


@dataclass(frozen=True)
class Discover:
    list_size: int = 240
    page_size: int = 20
    # Candidates asked of each source.
    interest_tags: int = 150
    channels: int = 120
    followed: int = 60
    liked_by: int = 40
    hot: int = 60
    fresh: int = 60
    # Candidates asked of what was learnt: notes alike, notes of similar readers, new notes.
    similar: int = 40
    readers: int = 40
    predicted: int = 15
    # Author decay (1 - floor) * decay^k + floor for the k-th note of one author.
    author_decay: float = 0.5
    author_floor: float = 0.25
    # No two notes of one sub-channel within this many positions, where others remain.
    channel_window: int = 5
    # Weight of each part of the ranking formula.
    interest_weight: float = 1.0
    channel_weight: float = 0.6
    followed_weight: float = 0.4
    popularity_weight: float = 0.7
    quality_weight: float = 0.3
    freshness_weight: float = 0.8
    freshness_half_life_hours: float = 48
    stale_minutes: int = 15
    active_days: int = 7
    # What was seen in any feed does not come back to discover for so many days.
    seen_days: int = 60
    # "Less of this": nothing for so many days, then from `less_floor` back to full over the next.
    less_days: int = 14
    less_return_days: int = 140
    less_floor: float = 0.2
    # How varied the head of the list is: "mmr", "dpp", "ssd" or "off", and how much it weighs.
    diversity: str = "mmr"
    diversity_weight: float = 0.2
    # The best so many are made varied, of so many candidates.
    diverse_head: int = 60
    diverse_pool: int = 300
    # One place in so many belongs to good notes that have nothing to do with the viewer.
    quality_every: int = 50
    # Quality from which a note may be in that pool, and how many are drawn.
    quality_pool_bar: float = 0.6
    quality_pool: int = 20
    # Share of places that one of the next `explore_window` takes by chance: learning stays honest.
    explore_share: float = 0.02
    explore_window: int = 20
    # How far one step of a dial moves scores.
    dial_step: float = 0.35


@dataclass(frozen=True)
class Follow:
    # Longest timeline kept per person; notes brought in when somebody is followed.
    cap: int = 400
    backfill: int = 50
    # Authors with more followers are merged when a timeline is read, not written to each.
    big_author: int = 50_000


@dataclass(frozen=True)
class Nearby:
    radius_km: float = 50
    list_size: int = 300
    # Edge of the cells that lists are precomputed for, in degrees.
    cell_degrees: float = 0.1
    # Upper edges of the distance bands, within which newer comes first.
    bands_km: tuple[float, ...] = (1, 3, 10, 25, 50)


@dataclass(frozen=True)
class Hot:
    list_size: int = 100
    gravity: float = 1.8
    days: int = 7
    per_author: int = 2
    # Most notes of one tag among ten in a row, while others remain.
    topic_share: int = 3
    # Each repeat of a tag among the last ten places multiplies heat by this.
    repeat_factor: float = 0.7
    # How much a day above the channel's usual adds; 0 switches bursts off.
    burst_weight: float = 0.5
    # How firmly small numbers are held back (Wilson's lower bound); 0 believes every number.
    wilson_z: float = 1.28


@dataclass(frozen=True)
class Ranking:
    """Which ranker serves discover, what is logged of its lists, and when what is learnt counts."""

    # "learnt": the learnt ranker in force while it is sound, else the formula; or only "formula".
    ranker: str = "learnt"
    # What a long read counts beside an open (1) and the acts of `engagement`; what a hide takes.
    long_read: float = 0.5
    hide: float = 4.0
    # Most that few followers of its author add to a note's score, as a share of it.
    small_author: float = 0.1
    # Weight in the formula of what similar behaviour says; its strongest match is 0.4.
    behaviour: float = 2.0
    # Weight of nearness in the formula.
    near: float = 0.1
    # Share of discover lists that are logged for learning, how many of their places, and how long.
    log_share: float = 0.25
    log_places: int = 120
    log_days: int = 30
    # Acts count for an impression that happen within so many hours after it.
    label_hours: int = 24
    # Fewer logged impressions than this teach nothing; more than the most are not read.
    least_impressions: int = 50_000
    most_impressions: int = 1_000_000
    # An objective with fewer positive examples to learn from is left out.
    least_positives: int = 200
    # No person speaks louder than with so many impressions.
    most_per_person: int = 1_000
    # Somebody with more acts within an hour is a machine, and not learnt from.
    most_acts_per_hour: int = 500
    # How much better than the formula (GAUC of opens) a learnt ranker must be to be published.
    least_gain: float = 0.0
    # Expected calibration error of opens that is still taken, as a share of the open rate.
    worst_calibration: float = 0.3
    # An older learnt ranker is not used.
    oldest_days: int = 30


@dataclass(frozen=True)
class Search:
    # Best matches of the words that are ranked further.
    candidates: int = 800
    # What a note of today adds to its match, as a share of it, and the half-life of that.
    freshness: float = 0.3
    freshness_half_life_days: float = 60
    # What the best quality adds, and what a response far above the usual adds.
    quality: float = 0.3
    popularity: float = 0.4
    # What a tag or channel that the person likes most adds; 0 is the same order for everybody.
    personal: float = 0.5
    # People who must have searched for words before they are suggested to others.
    popular_people: int = 3


@dataclass(frozen=True)
class Learning:
    """What is learnt from behaviour: notes alike, taste in common, predictions for new notes."""

    # How vectors of notes are learnt: "gfcf", "als", or "ease" for small catalogues.
    method: str = "gfcf"
    # Where more notes have behaviour "gfcf" stands in for "ease": it takes their number cubed.
    ease_most_notes: int = 4_000
    # How much "ease" holds back: more for few readers.
    ease_penalty: float = 300.0
    # Length of the vectors.
    factors: int = 128
    # Neighbours kept of each note.
    neighbours: int = 50
    # Two notes are alike only where at least so many people engaged with both.
    least_together: int = 2
    # Acts of so many days are learnt from.
    days: int = 365
    # A person counts with their latest so many notes.
    most_notes: int = 300
    # People learnt from, the lately active ones first: a bound of memory.
    most_people: int = 100_000
    # Hours between trainings.
    every_hours: int = 6
    # Latest notes of a reader that a list goes by; after so many more a note counts half.
    profile_notes: int = 50
    profile_half: float = 20.0
    # Notes without behaviour are predicted for while they are so many days old.
    cold_days: int = 14


@dataclass(frozen=True)
class Trust:
    """Rings and farms: what counts as one, and what their acts are worth."""

    # From this weight on a reader's sight is part of a promise.
    least_weight: float = 0.5
    # Acts of so many days are looked at.
    days: int = 14
    # The newest so many of them: a bound of memory.
    most_acts: int = 1_000_000
    # A smaller circle is friends: five likes of a hundred readers open no gate.
    least_members: int = 6
    # In a smaller community everybody knows everybody, and nothing is discounted.
    least_people: int = 60
    # A circle of a larger share of the active people is the community itself.
    most_share: float = 0.34
    # How much two accounts' ties must be the same ones to stand in one circle (SCAN's epsilon).
    similarity: float = 0.4
    # Acts that two accounts share within an hour before they can be one farm.
    least_together: int = 8
    # A circle not seen again for so many days is past; marks of networks are kept as long.
    keep_days: int = 28


@dataclass(frozen=True)
class Guardrails:
    """When a new version of policy or models, or an experiment, is taken back by itself."""

    # "on", or "off": what is broken is told and nothing is taken back.
    rollback: str = "on"
    # Hours that a version is watched after it was published.
    watch_hours: int = 48
    # Impressions without which nothing is judged, on either side.
    least_impressions: int = 1_000
    # Readers, notes or lists without which nothing is judged, on either side.
    least_units: int = 30
    # How likely a harmless change may be taken back, all looks and all guards together.
    alpha: float = 0.01
    # By what share of the former figure engagement per impression may fall.
    engagement: float = 0.1
    # By what share hides and "less of this" per impression may grow.
    unwanted: float = 0.3
    # By what share reports per impression may grow.
    reports: float = 0.5
    # By what share kept promises of first views may become fewer.
    promise: float = 0.05
    # By what share empty discover lists may become more.
    empty: float = 0.5


@dataclass(frozen=True)
class Boosts:
    """Places that authors pay for: price, bounds of an order, how often a reader meets them."""

    # Price of a thousand impressions, in minor units of the community's money.
    per_thousand: int = 3_000
    # The smallest and the largest order.
    least_impressions: int = 100
    most_impressions: int = 1_000_000
    # Longest period, and how far ahead it may begin.
    most_days: int = 60
    ahead_days: int = 60
    # At most one card in so many of a reading is paid for.
    slot_every: int = 9
    # Paid cards that one reader is sent within 24 hours.
    most_per_reader: int = 8
    # How far delivery may be ahead of the elapsed share of the period.
    slack: float = 0.05
    # Minutes after which a card that was sent and not seen is counted on no longer.
    reservation_minutes: int = 10


@dataclass(frozen=True)
class Covers:
    """The test of a second cover in the first pool."""

    # "on", or "off": nobody sees second covers; tests that run end.
    test: str = "on"
    # Views of each cover before anything is judged.
    least_impressions: int = 30
    # How likely two covers that are equally good may be called different, all looks together.
    alpha: float = 0.1


@dataclass(frozen=True)
class Insights:
    """What authors are told of their readers."""

    # Days for which raw events are kept; 0 keeps them for ever. Roll-ups always stay.
    keep_event_days: int = 400
    # Groups of fewer people than this are not shown: they might be recognised.
    least_people: int = 5
    # Impressions that a note or a tag needs before anything is said of it.
    least_impressions: int = 30
    # A tag that more than this share of the readers is interested in may be too broad.
    broad_share: float = 0.25
    # How many notes of the same channel, pool and age a note is compared with.
    similar_notes: int = 100


@dataclass(frozen=True)
class Policy:
    pools: Pools = field(default_factory=Pools)
    quality: Quality = field(default_factory=Quality)
    engagement: EngagementWeights = field(default_factory=EngagementWeights)
    interests: Interests = field(default_factory=Interests)
    discover: Discover = field(default_factory=Discover)
    follow: Follow = field(default_factory=Follow)
    nearby: Nearby = field(default_factory=Nearby)
    hot: Hot = field(default_factory=Hot)
    search: Search = field(default_factory=Search)
    ranking: Ranking = field(default_factory=Ranking)
    learning: Learning = field(default_factory=Learning)
    trust: Trust = field(default_factory=Trust)
    guardrails: Guardrails = field(default_factory=Guardrails)
    boosts: Boosts = field(default_factory=Boosts)
    covers: Covers = field(default_factory=Covers)
    insights: Insights = field(default_factory=Insights)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: object, *, stored: bool = False) -> Policy:
        """Read a policy; what is missing keeps its default. Raises PolicyError with all faults.

        `stored`: settings without a name here are left out, as another release may have written it.
        """
        problems: list[str] = []
        policy = _read(cls, values, "", problems, stored=stored)
        if not problems:
            problems += faults_of(policy)
        if problems:
            raise PolicyError(problems)
        return policy


def _read(
    kind: type, values: object, path: str, problems: list[str], *, stored: bool = False
) -> Any:
    """Build a dataclass from a mapping, collecting what is wrong by its dotted name."""
    if not isinstance(values, dict):
        problems.append(f"{path or 'policy'}: must be an object")
        return None
    hints, items = get_type_hints(kind), {item.name: item for item in fields(kind)}
    if not stored:
        problems += [f"{path}{name}: there is no such setting" for name in values.keys() - items]
    missing = {name for name, item in items.items() if _is_required(item)} - values.keys()
    problems += [f"{path}{name}: is missing" for name in sorted(missing)]
    given = {
        name: _value(hints[name], values[name], f"{path}{name}", problems, stored=stored)
        for name in items.keys() & values.keys()
    }
    return None if problems else kind(**given)


def _is_required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _value(hint: Any, value: object, path: str, problems: list[str], *, stored: bool) -> Any:
    if is_dataclass(hint):
        return _read(hint, value, f"{path}.", problems, stored=stored)  # type: ignore[arg-type]
    if hint in (int, float):
        return _number(hint, value, path, problems)
    if hint is str:
        if not isinstance(value, str) or not value:
            problems.append(f"{path}: must be a text")
        return value
    if not isinstance(value, (list, tuple)):
        problems.append(f"{path}: must be a list")
        return ()
    item = hint.__args__[0]
    return tuple(
        _value(item, part, f"{path}[{i}]", problems, stored=stored) for i, part in enumerate(value)
    )


def _number(hint: type, value: object, path: str, problems: list[str]) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value:
        problems.append(f"{path}: must be a number")
        return None
    if not -GREATEST <= value <= GREATEST:
        problems.append(f"{path}: must be from {-GREATEST} to {GREATEST}")
        return None
    if hint is int and value != int(value):
        problems.append(f"{path}: must be a whole number")
    return hint(value)
