"""The chain of seals from link to link, and below each what its change wrote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from audit.canonical import SHA256, Format, format_named
from audit.tracking import Cursor
from audit.verification.findings import Findings, Kind
from audit.verification.rows import Rows, Written

SEALS_AT_ONCE = 1_000
ROWS_AT_ONCE = 2_000
STATEMENTS_AT_ONCE = 500
PORTIONS_AT_ONCE = 1  # of what was there when sealing began; each has thousands of rows

SEALS = """
SELECT sequence, epoch_id, change_id, (extract(epoch FROM at) * 1000000)::bigint, clock_went_back, row_count,
       content, previous, digest
FROM audit_seal WHERE sequence > %s ORDER BY sequence LIMIT %s
"""
WRITTEN = """
SELECT w.id, coalesce(w.change_id, -w.epoch_id), w.shape_id, w.row_ids, w.digests, w.digest,
       (extract(epoch FROM w.at) * 1000000)::bigint
FROM audit_writtenrows w WHERE {of} AND w.id > %s ORDER BY w.id LIMIT %s
"""


class Link(NamedTuple):
    sequence: int
    epoch: int
    change: int | None
    at: int
    clock_went_back: bool
    row_count: int
    content: bytes
    previous: bytes
    digest: bytes

    @property
    def owner(self) -> int:
        """What the written rows of this seal hang on: a change, or (negative) an epoch."""
        return -self.epoch if self.change is None else self.change

    @property
    def name(self) -> str:
        return f"第{self.sequence}号"


@dataclass
class Times:
    """Whether the clock went back from the seal before, or from one statement of a change to the next, to its seal."""

    sealed_at: int
    went_back: bool
    latest: int | None = None

    def go_on(self, at: int) -> None:
        self.went_back |= at > self.sealed_at or (self.latest is not None and at < self.latest)
        self.latest = at


@dataclass
class Chain:
    """Walks the chain; knows afterwards how long it is and how many statements it covers."""

    cursor: Cursor
    rows: Rows
    findings: Findings
    progress: Callable[[int], None]
    last: Link | None = None
    statements: int = 0
    forms: dict[int, Format] = field(default_factory=dict)  # by epoch
    digests_at: dict[int, bytes | None] = field(default_factory=dict)  # wanted by anchors
    times: dict[int, Times] = field(default_factory=dict)  # by what is sealed, of the present portion

    def walk(self, start: int = 0) -> None:
        """Check every seal after number ``start``, which is taken as it is."""
        self._read_epochs()
        if start:
            self.cursor.execute(SEALS, [start - 1, 1])
            found = self.cursor.fetchone()
            self.last = Link(*found) if found else None
        for portion in self._portions(start):
            self._check_links(portion)
            self._check_contents(portion)
            self.progress(portion[-1].sequence)

    def _read_epochs(self) -> None:
        """Learn the format of each epoch; one that this program doesn't know is named."""
        self.cursor.execute("SELECT number, format, hash_name FROM audit_epoch ORDER BY number")
        for number, form, hash_name in self.cursor.fetchall():
            known = format_named(form, hash_name)
            if known is not None:
                self.forms[number] = known
            else:
                self.findings.add(Kind.UNKNOWN, f"第{number}期封存规则", words=f"格式 {form}，摘要算法 {hash_name}")

    def _portions(self, start: int) -> Iterator[list[Link]]:
        """Yield seals in order, as many as have about ROWS_AT_ONCE rows."""
        at = start
        while True:
            self.cursor.execute(SEALS, [at, SEALS_AT_ONCE])
            page = [Link(*row) for row in self.cursor.fetchall()]
            if not page:
                return
            portion: list[Link] = []
            rows = 0
            for link in page:
                if portion and rows + link.row_count > ROWS_AT_ONCE:
                    yield portion
                    portion, rows = [], 0
                portion.append(link)
                rows += link.row_count
            yield portion
            at = page[-1].sequence

    def _check_links(self, portion: list[Link]) -> None:
        for link in portion:
            self._check_link(link)
            self.last = link
            if link.sequence in self.digests_at:
                self.digests_at[link.sequence] = bytes(link.digest)

    def _check_link(self, link: Link) -> None:
        last = self.last
        expected = last.sequence + 1 if last else 1
        if link.sequence != expected:
            gap = f"缺第{expected}号" + (f"至第{link.sequence - 1}号" if link.sequence - 1 > expected else "")
            self.findings.add(Kind.HOLE, "封印", link.name, gap)
        form = self.forms.get(link.epoch)
        own = form and form.hash.digest(
            form.seal_bytes(link.sequence, link.epoch, link.at, bytes(link.previous), bytes(link.content))
        )
        hangs_on = bytes(last.digest) if last else bytes((form.hash if form else SHA256).size)
        if bytes(link.previous) != hangs_on and link.sequence == expected:
            moved = own is not None and own != bytes(link.digest) and self._is_of_another(bytes(link.previous))
            self.findings.add(Kind.REORDERED if moved else Kind.BROKEN, "封印", link.name)
        elif own is not None and own != bytes(link.digest):
            self.findings.add(Kind.ALTERED, "封印", link.name)
        if link.sequence == expected:
            self.times[link.owner] = Times(link.at, went_back=last is not None and link.at < last.at)
        epoch_now = last.epoch if last else 0
        if link.epoch != (epoch_now + 1 if link.change is None else epoch_now) and link.sequence == expected:
            self.findings.add(Kind.ALTERED, "封印", link.name, "封存规则的期次")

    def _is_of_another(self, digest: bytes) -> bool:
        self.cursor.execute("SELECT EXISTS (SELECT 1 FROM audit_seal WHERE digest = %s)", [digest])
        return bool(self.cursor.fetchone()[0])

    def _check_contents(self, portion: list[Link]) -> None:
        written: dict[int, list[bytes]] = {link.owner: [] for link in portion}
        counted = dict.fromkeys(written, 0)
        for page in self._pages(portion):
            for owner, each in page:
                if owner in self.times and each.at is not None:
                    self.times[owner].go_on(each.at)
                written[owner].append(each.digest)
                counted[owner] += len(each.ids)
            self.statements += len(page)
            self.rows.check([each for _, each in page])
        for link in portion:
            form = self.forms.get(link.epoch)
            if form and form.hash.digest(form.content_bytes(written[link.owner])) != bytes(link.content):
                self.findings.add(Kind.ALTERED, "封印", link.name, "所列内容多了、少了或换了次序")
            elif form and counted[link.owner] != link.row_count:
                self.findings.add(Kind.ALTERED, "封印", link.name, "行数")
            times = self.times.pop(link.owner, None)
            if form and times is not None and link.clock_went_back != times.went_back:
                self.findings.add(Kind.ALTERED, "封印", link.name, "时钟倒退的标记与时间不符")

    def _pages(self, portion: list[Link]) -> Iterator[list[tuple[int, Written]]]:
        """What was written under the seals of a portion; what is of an unknown format is left out."""
        forms = {link.owner: form for link in portion if (form := self.forms.get(link.epoch))}
        changes = [link.change for link in portion if link.change is not None and link.owner in forms]
        epochs = [link.epoch for link in portion if link.change is None and link.owner in forms]
        for of, owners, at_once in (
            ("w.change_id = ANY(%s)", changes, STATEMENTS_AT_ONCE),
            ("w.epoch_id = ANY(%s)", epochs, PORTIONS_AT_ONCE),
        ):
            last = 0
            while owners:
                self.cursor.execute(WRITTEN.format(of=of), [owners, last, at_once])
                found = self.cursor.fetchall()
                if not found:
                    break
                yield [
                    (owner, Written(key, shape, ids, bytes(digests), bytes(digest), forms[owner], at))
                    for key, owner, shape, ids, digests, digest, at in found
                ]
                last = found[-1][0]
