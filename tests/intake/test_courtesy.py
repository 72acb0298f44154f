"""Plain thanks get no answer; a promised form that is missing gets one (T-30)."""

import pytest

from mailflow.intake.courtesy import find_drive_links, is_thanks, promises_form
from mailflow.model import Attachment, Automatic, Message


def message(text: str, attachments: tuple[Attachment, ...] = (), automatic: Automatic = Automatic.NO) -> Message:
    return Message("<m@x>", "alex@northmoor.example", "Alex", (), "RE: x", None, (), text, text, attachments, automatic,
                   drive_links=find_drive_links(text))


@pytest.mark.parametrize("text", [
    "Thanks", "Thank you!", "Thanks Sam, much appreciated.",
    "Hi Sam,\n\nMany thanks for letting me know.\n\nBest wishes\nAlex", "Received, thanks", "Noted.",
    "OK great, thank you", "Thanks,\nAlex", "Cheers",
    "Perfect, thanks so much for your help\n\nAlex Marsh\nSocial Worker\nNorthmoor Council | 01632 960123"])
def test_thanks(text: str) -> None:
    assert is_thanks(message(text))


@pytest.mark.parametrize("text", [
    "", "Thanks. When is it due?", "Thanks but I am on leave", "Thanks, the child was moved last night", "ACK",
    "ACK thanks", "Thank you, form attached",
    "Thanks 2606-017C", "I am worried about this child. Thanks", "Hello", "Thanks https://northmoor.sharepoint.com/x"])
def test_not_thanks(text: str) -> None:
    assert not is_thanks(message(text))


def test_thanks_from_a_machine_or_with_a_document_is_not_only_thanks() -> None:
    assert not is_thanks(message("Thanks", automatic=Automatic.AUTO_REPLY))
    assert not is_thanks(message("Thanks", (Attachment("form.docx", "x/y", b"x", "1"),)))


@pytest.mark.parametrize("text",
    ["Please find attached the audit", "Completed audit attached.", "My audit is now complete", "Here is the form",
    "I enclose it: enclosed.",
                                  "Amended form as asked", "Here it is",
                                  "It is at https://northmoor.sharepoint.com/sites/audits/form.docx", "S:\\Audits\\form.docx"])
def test_promises(text: str) -> None:
    assert promises_form(message(text))


@pytest.mark.parametrize("text",
    ["ACK", "The form you attached has no team name", "I can't open the attachment because it is missing", "When is it due?",
    "I will send the completed form tomorrow.", "Thanks, I will complete the attached form by Friday.",
    "The audit is not complete yet",
    "Could you send the form again? I cannot open the attached one.", "When the audit is complete I will return it",
    "ACK\n\nThis email and any files attached are confidential and intended for the addressee.",
    "Noted.\n\nKind regards\nAlex\nPlease find our privacy notice attached to every letter",
                                  "https://www.northmoor.example/help"])
def test_promises_nothing(text: str) -> None:
    assert not promises_form(message(text))


@pytest.mark.parametrize(("text", "links"), [
    ("see https://1drv.ms/w/x, thanks", ("https://1drv.ms/w/x",)),
    ("https://docs.google.com/document/d/1 and https://docs.google.com/document/d/1", ("https://docs.google.com/document/d/1",)),
    ("https://urldefense.com/v3/__https://northmoor.sharepoint.com/x__;!!a", ("https://northmoor.sharepoint.com/x",)),
    ("https://notsharepoint.com.evil.example/x", ()), ("https://[broken", ()), ("mail me", ())])
def test_links_to_drives(text: str, links: tuple[str, ...]) -> None:
    assert find_drive_links(text) == links
