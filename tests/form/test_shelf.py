"""The shelf: forms are found wherever a templates folder may hold them, by id and edition."""

from pathlib import Path

import pytest

from mailflow.errors import ConfigError
from mailflow.form.shelf import get_forms, list_forms
from tests.parsers.pages import FORM, ROOT

SHIPPED = ROOT / "templates"


def put(path: Path, form_id: str, edition: str = "1", title: str = "A form") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'id = "{form_id}"\nedition = "{edition}"\ntitle = "{title}"\nsections = []\n', encoding="utf-8")
    return path


def test_the_shipped_forms_are_on_the_shelf() -> None:
    assert FORM in list_forms(SHIPPED) and get_forms(FORM.id, SHIPPED) == (FORM,)


def test_every_place_of_a_templates_folder_is_looked_in(tmp_path: Path) -> None:
    for n, place in enumerate(("form.toml", "forms/a.toml", "one/form.toml", "one/forms/b.toml")):
        put(tmp_path / place, f"form-{n}")
    put(tmp_path / "one" / "profile.toml", "no-form")
    put(tmp_path / "one" / "deeper" / "form.toml", "too-deep")
    assert [f.id for f in list_forms(tmp_path)] == ["form-0", "form-1", "form-2", "form-3"]


def test_editions_stand_side_by_side_and_a_councils_own_comes_first(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "council", tmp_path / "shipped"
    put(theirs / "base" / "form.toml", "visits", "1", "As shipped")
    put(theirs / "base" / "forms" / "old.toml", "visits", "0")
    put(ours / "form.toml", "visits", "1", "The council's")
    assert [(f.edition, f.title) for f in get_forms("visits", ours, theirs)] == [("0", "A form"), ("1", "The council's")]


def test_a_path_will_do(tmp_path: Path) -> None:
    path = put(tmp_path / "anywhere" / "form.toml", "mine")
    assert [f.id for f in get_forms(str(path), SHIPPED)] == ["mine"]


def test_two_of_the_same_in_one_folder_are_both_named(tmp_path: Path) -> None:
    first, second = put(tmp_path / "a" / "form.toml", "visits"), put(tmp_path / "b" / "form.toml", "visits")
    with pytest.raises(ConfigError) as e:
        list_forms(tmp_path)
    assert str(first) in str(e.value) and str(second) in str(e.value)


def test_an_unknown_id_names_the_forms_there_are() -> None:
    with pytest.raises(ConfigError, match=f"'visits'.*{FORM.id}"):
        get_forms("visits", SHIPPED)


@pytest.mark.parametrize("raw", [b"", b'id = "x"\ntitle = "y"\n', b"\xff\xfe", b'id = "x"\nedition = "1"\ntitle = "y"\nsections = 3\n',
                                 b'id = "x"\nedition = "1"\ntitle = "y"\nsections = [3]\n', b"not toml"])
def test_a_file_that_is_no_form_is_a_sentence_naming_it(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "form.toml").write_bytes(raw)
    with pytest.raises(ConfigError, match=r"form\.toml"):
        get_forms(str(tmp_path / "form.toml"))
    with pytest.raises(ConfigError, match=r"form\.toml"):
        list_forms(tmp_path)
