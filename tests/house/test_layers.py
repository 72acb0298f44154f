"""The house's layers hold, and commands load only what they use."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_import_contracts_hold() -> None:
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", ["status", "messages", "outbox", "held", "verify"])
def test_looking_commands_load_no_document_or_mail_library(command: str, tmp_path: Path) -> None:
    """`status` is run by monitors every minute: it must not pay for Word, PDF, Excel or mail libraries."""
    from mailflow.setup_files import make_settings
    from mailflow.store import Store

    make_settings(tmp_path, "framework-2023")
    Store.open(tmp_path / "state", "audits@northmoor.example").close()
    code = f"""
import sys
sys.argv = ["mailflow", "{command}", "--config", r"{tmp_path / 'mailflow.toml'}", "--json"]
from mailflow.cli import main
try:
    main()
except SystemExit:
    pass
heavy = ("docx", "docxtpl", "lxml", "openpyxl", "typst", "imapclient", "imaplib", "smtplib", "pdfplumber", "parsers", "outbox",
         "jinja2", "markdown_it", "holidays")
print("HEAVY", [name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "HEAVY []" in done.stdout, done.stdout[-500:] + done.stderr[-2000:]
