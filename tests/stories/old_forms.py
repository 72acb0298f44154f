"""Forms that come back by mistake: last year's edition of ours, and another council's. As texts of a templates folder."""

from mailflow.form.definition import FormDefinition
from mailflow.framework import templates_root
from outbox.forms.word import fill_form
from tests.world import World

TODAY = (templates_root() / "base" / "form.toml").read_text(encoding="utf-8")
# Last year the overall grade was explained in other words, one question had another id, and one has gone since.
LAST_YEAR = (TODAY.replace('edition = "1"', 'edition = "2025"', 1)
             .replace('label = "Why you reached this overall grade"', 'label = "Reasons for this overall grade"', 1)
             .replace('id = "improvements"\n', 'id = "better"\n', 1)
             .replace('id = "themes"\n', 'id = "learnt"\nlabel = "What you yourself learnt"\nkind = "notes"\npart = "other"\n'
                      'required = false\n\n[[sections.items]]\nid = "themes"\n', 1))
_QUESTIONS = (("voice", "The child's voice and daily life", "What you saw, and what it shows", "What was done well"),
              ("history", "History of the family", "Moves and schools", "Health of the parents"),
              ("money", "Money and housing", "Rent and debts", "State of the home"),
              ("visits", "Contact arrangements", "Who comes, and how often", "What the carers say about it"))
RIVERSIDE = "\n".join([
    'id = "riverside"\nedition = "7"\ntitle = "Riverside practice sheet"\n[[sections]]\nid = "top"\ntitle = "Riverside details"',
    *(f'[[sections.items]]\nid = "{name}"\nlabel = "{label}"\nkind = "text"\npart = "header"'
      for name, label in (("case_number", "Riverside case number"), ("child", "Name of the child"))),
    *(f'[[sections]]\nid = "{name}"\ntitle = "{title}"\n' + "\n".join(
        f'[[sections.items]]\nid = "{item}"\nlabel = "{label}"\nkind = "notes"\npart = "other"'
        for item, label in (("one", one), ("two", two))) for name, title, one, two in _QUESTIONS),
    '[[sections]]\nid = "end"\ntitle = "Sign off"',
    *(f'[[sections.items]]\nid = "{name}"\nlabel = "{label}"\nkind = "{kind}"\npart = "{part}"\nchoices = {choices}'
      for name, label, kind, part, choices in (
          ("grade", "Riverside grade", "grade", "grade", "[]"), ("risk", "Is anybody at risk at present?", "choice", "concern",
                                                                 '["No", "Yes"]'))),
])
OWN = {"forms/last-year.toml": LAST_YEAR, "forms/riverside.toml": RIVERSIDE}


def form_named(world: World, name: str, edition: str) -> FormDefinition:
    return next(f for f in world.house.policy.forms if (f.id, f.edition) == (name, edition))


def last_years(world: World, ref: str) -> bytes:
    """Last year's Word form, made out for this audit: somebody kept it and typed the new reference into it."""
    scene = world.house.scene(world.audit(ref), world.now)
    return fill_form(scene, form_named(world, "base-10", "2025"), (), world.house.secret).data
