"""What families and others said, a row for each audit, source and origin."""

from mailflow.model import Feedback
from mailflow.store.base import Base
from mailflow.store.values import from_text, to_column, to_text


class Feedbacks(Base):
    def save_feedback(self, feedback: Feedback) -> None:
        """Keep what is known of one source; it takes the place of what was known by the same origin."""
        self._write(
            "insert into feedback (ref, source, origin, state, value) values (?, ?, ?, ?, ?)"
            " on conflict (ref, source, origin) do update set state = excluded.state, value = excluded.value",
            (to_column(feedback.ref), to_column(feedback.source), to_column(feedback.origin), feedback.state.value,
             to_text(feedback)),
        )

    def load_feedback(self, ref: str) -> tuple[Feedback, ...]:
        """Everything kept for one audit, by source and origin."""
        rows = self._read("select value from feedback where ref = ? order by source, origin", (to_column(ref),))
        return tuple(from_text(Feedback, value) for (value,) in rows)
