"""Documents kept beside an audit: what came for it and is no return of its auditor."""

from mailflow.model import Beside
from mailflow.store.base import Base
from mailflow.store.values import from_text, to_address, to_column, to_moment, to_text


class Besides(Base):
    def add_beside(self, beside: Beside) -> bool:
        """Keep it; False where the same bytes are kept there already under that kind."""
        return self._insert(
            "insert into beside (ref, kind, source, received_at, sender, name, sha, value)"
            " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (ref, kind, sha) do nothing returning id",
            (
                to_column(beside.ref), beside.kind, beside.source, to_moment(beside.received_at),
                to_address(beside.sender), to_column(beside.name), beside.sha, to_text(beside),
            ),
        ) is not None

    def load_beside(self, ref: str, kind: str = "") -> tuple[Beside, ...]:
        """Everything kept beside one audit, of one kind or all, in the order it came."""
        rows = self._read("select value from beside where ref = ? and kind in (?, iif(? = '', kind, ?)) order by id",
                          (to_column(ref), kind, kind, kind))
        return tuple(from_text(Beside, value) for (value,) in rows)
