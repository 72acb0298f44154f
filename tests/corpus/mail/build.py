"""Writes every sample mail and the expectation beside it: ``python tests/corpus/mail/build.py``.

Samples are made by hand here, part by part, so that each has one oddity and nothing else. Expectations are written by
hand too, from what a careful person would say; they are never copied from what mailflow said.
"""


import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
OUR_ID = "<k3v9.allocation@northmoor.example>"
QUOTE = "Dear Alex,\nPlease audit this case.\nReply with one of these words.\nACK\nCANNOT and the reason\n"


def form(words: str = "The form") -> bytes:
    """A Word document of a few hundred bytes, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", f"<w:document>{words}</w:document>")):
            z.writestr(zipfile.ZipInfo(name, (2026, 6, 1, 0, 0, 0)), text)
    return out.getvalue()


def head(subject: str = "RE: [AUDIT 2606-017C] Please audit this case", **more: str) -> str:
    """The headers every sample has; ``more`` replaces them or, with "", leaves one out. Underscores are hyphens."""
    lines = {
        "From": "Alex Marsh <alex.marsh@northmoor.example>", "To": "audits@northmoor.example", "Subject": subject,
        "Date": "Wed, 10 Jun 2026 09:15:00 +0100", "Message-ID": "<m1@mail.northmoor.example>",
        "In-Reply-To": OUR_ID, "MIME-Version": "1.0"} | {k.replace("_", "-"): v for k, v in more.items()}
    return "".join(f"{k}: {v}\n" for k, v in lines.items() if v)


def plain(text: str, charset: str = "utf-8", more: str = "") -> str:
    return f"Content-Type: text/plain; charset={charset}{more}\nContent-Transfer-Encoding: 8bit\n\n{text}"


def page(text: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<html><body>{text}</body></html>\n"


def item(data: bytes, kind: str = DOCX, name: str = "form.docx", disposition: str = "attachment", more: str = "") -> str:
    where = f'; filename="{name}"' if name else ""
    body = base64.encodebytes(data).decode()
    return (f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-Disposition: {disposition}{where}\n{more}\n{body}")


def mixed(*parts: str, kind: str = "multipart/mixed", mark: str = "=b1") -> str:
    body = "".join(f"--{mark}\n{part}\n" for part in parts)
    return f'Content-Type: {kind}; boundary="{mark}"\n\n{body}--{mark}--\n'


def deep(levels: int) -> str:
    inner = item(form())
    for n in range(levels):
        inner = mixed(inner, mark=f"=d{n}")
    return inner


def report(status: str, returned: str, kind: str = "delivery-status") -> str:
    words = plain("Your message could not be delivered.\n")
    return mixed(words, f"Content-Type: message/{kind}\n\n{status}", f"Content-Type: message/rfc822\n\n{returned}",
                 kind=f"multipart/report; report-type={kind}")


OUTLOOK = ("________________________________\nFrom: Northmoor audits <audits@northmoor.example>\n"
           "Sent: 09 June 2026 08:00\nTo: Alex Marsh <alex.marsh@northmoor.example>\n"
           "Subject: [AUDIT 2606-017C] Please audit this case\n\n" + QUOTE)
OUTLOOK_PAGE = (
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Northmoor audits &lt;audits@northmoor.example&gt;"
    "<br><b>Sent:</b> 09 June 2026 08:00<br><b>To:</b> Alex Marsh<br><b>Subject:</b> [AUDIT 2606-017C] Please audit this case"
    "</p></div><h1>Please audit this case</h1><p>Reply with one of these words.</p><ul><li>ACK</li><li>CANNOT and the reason"
    "</li></ul>")
PLAIN_REPLY = plain("Here it is, completed.\n\nAlex\n")
OUR_LETTER = (f"From: audits@northmoor.example\nTo: alex.marsh@northmoor.example\nMessage-ID: {OUR_ID}\n"
              "Subject: [AUDIT 2606-017C] Please audit this case\n" + mixed(plain("Dear Alex\n"), item(form()), mark="=r"))
AWAY = {"subject": "Automatic reply: [AUDIT 2606-017C] Please audit this case", "Auto_Submitted": "auto-replied"}
ICS = ("BEGIN:VCALENDAR\nMETHOD:{0}\nBEGIN:VTIMEZONE\nDTSTART:19700101T000000\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
       "DTSTART;TZID=Europe/London:20260618T140000\nATTENDEE;PARTSTAT={1}:mailto:alex.marsh@northmoor.example\n"
       "END:VEVENT\nEND:VCALENDAR\n")


def calendar(method: str, status: str) -> str:
    return mixed(plain("Practice discussion\n"), f"Content-Type: text/calendar; method={method}; charset=utf-8\n\n"
                 + ICS.format(method, status), kind="multipart/alternative")


# Name → (the oddity in words, the mail, what must be read from it). Keys of the expectation are Message's own, but
# attachments are names, "oddity" is a part of one, "command" a word or None, "thanks" and "promises" the two questions.
SAMPLES: dict[str, tuple[str, str | bytes, dict[str, Any]]] = {
    "reply-outlook": ("Outlook's From/Sent block instead of quoting marks", head() + plain("Accept.\n\n" + OUTLOOK),
                      {"command": "ACCEPT", "text": "Accept.", "refs": ["2606-017C"], "automatic": "no"}),
    "reply-outlook-html-only": ("our own HTML letter quoted, no plain text", head() + page("<p>Ack, thanks</p>" + OUTLOOK_PAGE),
                                {"command": "ACK", "text": "Ack, thanks"}),
    "reply-outlook-html-forwarded": ("nothing written above our own HTML letter", head() + page(OUTLOOK_PAGE),
                                     {"command": None, "text": ""}),
    "reply-gmail-html-only": (
        "quoted in a blockquote, no plain text",
        head() + page("<div>CANNOT on leave</div><div class=gmail_quote>On Tue, 9 Jun 2026 at 08:00, Northmoor audits "
                      "&lt;audits@northmoor.example&gt; wrote:<br><blockquote>Dear Alex,<br>ACK<p>CANNOT</p></blockquote></div>"),
        {"command": "CANNOT", "text": "CANNOT on leave"}),
    "reply-bottom-posted": (
        "answer below the quote",
        head() + plain("On 9 June 2026 at 08:00, Northmoor audits wrote:\n> Reply with one of these words.\n> CANNOT\n\nACK\n"),
        {"command": "ACK", "text": "ACK"}),
    "reply-wrapped-quote": (
        "a quoted line wrapped without its mark",
        head() + plain("On 9 June 2026 at 08:00, Northmoor audits wrote:\n> If you agree with every point in it, write\nACCEPT here\n"),
        {"command": None, "text": "… ACCEPT here"}),
    "reply-attribution-broken": (
        "\"On … wrote:\" over two lines", head() + plain(
            "BOOKED 18/06/2026 14:00\n\nOn Tue, 9 Jun 2026 at 08:00, Northmoor audits\n<audits@northmoor.example> wrote:\n\n> ACK\n"),
        {"command": "BOOKED", "text": "BOOKED 18/06/2026 14:00"}),
    "reply-tab-quoted": ("s-nail quotes with a tab, answer below", head() + plain("audits@northmoor.example wrote:\n\n\tReply with\n\tCANNOT\n\nACK\n"),
                         {"command": "ACK", "text": "ACK"}),
    "reply-german-client": ("attribution in German", head() + plain("ACK\n\nAm 09.06.2026 um 08:00 schrieb Northmoor audits:\n\nCANNOT\n"),
                            {"command": "ACK", "text": "ACK"}),
    "reply-flowed": ("format=flowed with a soft break", head() + plain("RETURN add the \nchild's voice\n", more="; format=flowed"),
                     {"command": "RETURN", "text": "RETURN add the child's voice"}),
    "reply-external-banner": (
        "a warning banner above the answer",
        head("[EXTERNAL] RE: [AUDIT 2606-017C] Please audit") + plain(
            "CAUTION: This email originated from outside of the organisation. Do not\nclick links or open attachments unless you "
            "recognise the sender.\n\nACK\n"),
        {"command": "ACK", "text": "ACK", "refs": ["2606-017C"], "automatic": "no"}),
    "reply-html-says-more": ("plain text part is a stub", head() + mixed(
        plain("Open in a browser.\n"), page("<p>RETURN please add evidence to the voice section, the dates and "
        "the plan.</p><p>" + "The plan has no owner for any of its actions, and no dates either. " * 5 + "</p>"),
        kind="multipart/alternative"), {"command": "RETURN", "oddity": "says less"}),
    "form-attached": ("none: the ordinary return", head() + mixed(PLAIN_REPLY, item(form())),
                      {"attachments": ["form.docx"], "promises": True, "thanks": False, "command": None, "automatic": "no",
                       "oddities": [], "references": [OUR_ID], "sender": "alex.marsh@northmoor.example",
                       "sender_name": "Alex Marsh", "sent_at": "2026-06-10T08:15:00+00:00"}),
    "form-inline": ("document with disposition inline", head() + mixed(PLAIN_REPLY, item(form(), disposition="inline")),
                    {"attachments": ["form.docx"]}),
    "form-octets": ("octet-stream without name or ending",
                    head() + mixed(PLAIN_REPLY, item(form(), "application/octet-stream", "")), {"attachments": ["document.docx"]}),
    "form-name-2231": ("name in RFC 2231 pieces", head() + mixed(
        PLAIN_REPLY, f"Content-Type: {DOCX}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment;\n"
        " filename*0*=utf-8''Audit%20%E2%80%93;\n filename*1*=%20done.docx\n\n" + base64.encodebytes(form()).decode()),
        {"attachments": ["Audit – done.docx"]}),
    "form-name-words": ("name in encoded words", head() + mixed(PLAIN_REPLY, item(form(), name="=?utf-8?B?QXVkaXQg4oCTIGRvbmUuZG9jeA==?=")),
                        {"attachments": ["Audit – done.docx"]}),
    "form-name-path": ("a path, a direction mark and dots for a name",
                       head() + mixed(PLAIN_REPLY, item(form(), name="C:\\\\Users\\\\alex/../..\u202ecod.exe.docx")),
                       {"attachments": ["cod.exe.docx"]}),
    "form-in-eml": ("form inside an attached mail", head("FW: form") + mixed(
        plain("See attached mail\n"), "Content-Type: message/rfc822\n\n" + head("form") + mixed(PLAIN_REPLY, item(form()), mark="=b2")),
        {"attachments": ["form.docx"]}),
    "form-in-eml-octets": ("attached mail as octets named .eml", head("FW: form") + mixed(
        plain("See attached mail\n"), item((head("form") + mixed(PLAIN_REPLY, item(form()), mark="=b2")).encode(),
                                           "application/octet-stream", "form.eml")), {"attachments": ["form.docx"]}),
    "form-in-eml-base64": ("attached mail in base64 against the standard", head("FW: form") + mixed(
        plain("See attached mail\n"), item((head("form") + mixed(PLAIN_REPLY, item(form()), mark="=b2")).encode(),
                                           "message/rfc822", "form.eml")), {"attachments": ["form.docx"]}),
    "form-twice": ("the same document attached twice", head() + mixed(PLAIN_REPLY, item(form()), item(form(), name="form (1).docx")),
                   {"attachments": ["form.docx"], "oddity": "twice"}),
    "two-forms": ("two documents in one mail", head() + mixed(PLAIN_REPLY, item(form("A"), name="a.docx"), item(form("B"), name="b.docx")),
                  {"attachments": ["a.docx", "b.docx"]}),
    "form-with-signature-pictures": (
        "six signature pictures of four kinds", head() + mixed(
            mixed(page("Here it is<img src='cid:p1'><img src='cid:p2'>"), item(PNG, "image/png", "image001.png", "inline", "Content-ID: <p1>\n"),
                  item(PNG + b"2", "image/png", "image002.png", "attachment", "Content-ID: <p2>\n"), kind="multipart/related", mark="=b2"),
            item(PNG + b"3", "image/png", "image003.png"), item(PNG + b"4", "image/jpeg", "logo.jpg", "inline"),
            item(PNG + b"5", "application/octet-stream", "logo.png"), item(PNG + b"6", "image/gif", "banner.gif"), item(form())),
        {"attachments": ["form.docx"]}),
    "signature-pictures-only": ("an answer with signature pictures and nothing else", head() + mixed(
        mixed(page("Thank you<img src='cid:p1'>"), item(PNG, "image/png", "x.png", "inline", "Content-ID: <p1>\n"),
              kind="multipart/related", mark="=b2"), item(PNG + b"3", "image/png", "image003.png")),
        {"attachments": [], "thanks": True}),
    "picture-only": ("a photograph of the form", head() + mixed(PLAIN_REPLY, item(PNG, "image/png", "IMG_2041.png")),
                     {"attachments": ["IMG_2041.png"]}),
    "form-signed": ("S/MIME signature and Exchange's ATT00001.htm", head() + mixed(
        mixed(PLAIN_REPLY, item(form()), mark="=b2"), item(b"<html>x</html>", "text/html", "ATT00001.htm"),
        item(b"0\x82", "application/pkcs7-signature", "smime.p7s"), kind="multipart/signed"), {"attachments": ["form.docx"]}),
    "form-winmail": ("Outlook's winmail.dat", head() + mixed(PLAIN_REPLY, item(b"\x78\x9f\x3e\x22" + b"\0" * 20, "application/ms-tnef", "winmail.dat")),
                     {"attachments": ["winmail.dat"]}),
    "form-empty": ("a document of no bytes", head() + mixed(PLAIN_REPLY, item(b"")), {"attachments": ["form.docx"]}),
    "form-with-invitation": ("an .ics attached by hand", head() + mixed(PLAIN_REPLY, item(ICS.format("REQUEST", "NEEDS-ACTION").encode(),
                             "text/calendar", "meeting.ics"), item(form())), {"attachments": ["form.docx"], "automatic": "no"}),
    "seventy-attachments": ("seventy documents", head() + mixed(
        PLAIN_REPLY, *(item(form(str(n)), name=f"{n}.docx") for n in range(70))), {"attachments": [f"{n}.docx" for n in range(70)]}),
    "base64-damaged": ("foreign characters in the base64", head() + mixed(PLAIN_REPLY, item(form()).replace("UEsDB", "UE!s~D*B", 1)),
                       {"attachments": ["form.docx"], "oddity": "base64 damaged"}),
    "mime-40-deep": ("forty multiparts in one another", head() + deep(40), {"attachments": [], "oddity": "nesting cut at 20"}),
    "mime-no-end": ("boundary never closed", (head() + mixed(PLAIN_REPLY, item(form()))).replace("--=b1--\n", ""),
                    {"attachments": ["form.docx"]}),
    "charset-wrong": ("Windows-1252 declared as us-ascii", head().encode() + plain("It’s done – thanks", "us-ascii").encode("cp1252"),
                      {"text": "It’s done – thanks", "oddity": "charset guessed"}),
    "charset-null": ("a charset that holds a NUL, one that is no text", head().encode() + mixed(
        plain("ACK\n", "\"nu\x00ll\""), plain("more\n", "base64")).encode(), {"command": "ACK", "oddity": "charset guessed"}),
    "comment-in-reply-to": ("comments round the Message-IDs", head(In_Reply_To=f"(your letter <x@y>) {OUR_ID} (of 9 June \\( <z@y>)")
                            + plain("ACK\n"), {"references": [OUR_ID], "command": "ACK"}),
    "date-out-of-range": ("month 13 of the year 99999", head(Date="Wed, 45 Xyz 99999 09:15:00 +9999") + plain("ACK\n"),
                          {"sent_at": None, "oddity": "date unreadable", "command": "ACK"}),
    "message-id-twice": ("two Message-IDs", head() + "Message-ID: <m2@mail.northmoor.example>\n" + plain("ACK\n"),
                         {"id": "<m1@mail.northmoor.example>", "oddity": "several Message-IDs"}),
    "message-id-none": ("no Message-ID", head(Message_ID="") + plain("ACK\n"), {"oddity": "no Message-ID", "command": "ACK"}),
    "header-injection": ("line break and Bcc hidden in an encoded subject", head("=?utf-8?q?Hello=0D=0ABcc=3A_x=40y.example?=") + plain("ACK\n"),
                         {"subject": "Hello Bcc: x@y.example", "to": ["audits@northmoor.example"], "oddity": "line break"}),
    "encoded-word-bad": ("base64 word of impossible length, unknown charset", head("=?utf-8?B?QUNLQ?= =?x-none?q?caf=E9?=") + plain("ACK\n"),
                         {"subject": "ACKcafé", "oddity": "encoded word damaged"}),
    "header-huge": ("a To: header of 100 KB", head(To="audits@northmoor.example, " + "(" * 100_000) + plain("ACK\n"),
                    {"command": "ACK", "oddity": "header cut", "to": ["audits@northmoor.example"]}),
    "from-posing": ("a display name that poses as another sender", head(
        From='"Alex Marsh <alex.marsh@northmoor.example>" <eve@elsewhere.example>') + plain("ACK\n"), {"sender": "eve@elsewhere.example"}),
    "from-two": ("two authors", head(From="alex.marsh@northmoor.example, eve@elsewhere.example") + plain("ACK\n"),
                 {"sender": "alex.marsh@northmoor.example", "oddity": "several senders"}),
    "from-assistant": ("Sender: differs from From:", head(Sender="Pat Lee <pat.lee@northmoor.example>") + plain("ACK\n"),
                       {"on_behalf_by": "pat.lee@northmoor.example", "sender": "alex.marsh@northmoor.example"}),
    "away-headers": ("out-of-office with a day to come back on", head(**AWAY) + plain(
        "I am on leave. I will be back on Monday 3 August.\nACK\n"),
        {"automatic": "auto_reply", "no_reply": True, "away_until_on": "2026-08-02"}),
    "away-subject-only": ("out-of-office without headers", head("[EXT] Out of Office: Please audit") + plain(
        "I am out of the office until 14/08/2026.\n"), {"automatic": "auto_reply", "no_reply": True, "away_until_on": "2026-08-14"}),
    "away-with-form": ("a filled form in automatic mail", head(**AWAY) + mixed(PLAIN_REPLY, item(form())),
                       {"automatic": "auto_reply", "attachments": ["form.docx"], "no_reply": True}),
    "bounce-hard": ("delivery report with our own form inside", head("Undeliverable: Please audit", From="postmaster@northmoor.example",
                    Return_Path="<>", In_Reply_To="") + report(
        "Reporting-MTA: dns; mail.northmoor.example\n\nFinal-Recipient: rfc822; alex.marsh@northmoor.example\nAction: failed\n"
        "Status: 5.1.1\n", OUR_LETTER),
        {"automatic": "bounce", "no_reply": True, "attachments": [],
         "bounce": {"address": "alex.marsh@northmoor.example", "permanent": True, "original": OUR_ID, "status": "5.1.1"}}),
    "bounce-soft": ("delivery delayed", head("Delivery delayed", From="MAILER-DAEMON@mail.northmoor.example", In_Reply_To="") + report(
        "Reporting-MTA: dns; x\n\nOriginal-Recipient: rfc822;alex.marsh@northmoor.example\nFinal-Recipient: rfc822;am17@inner.example\n"
        "Action: delayed\nStatus: 4.4.1 (no answer)\n", OUR_LETTER),
        {"automatic": "bounce", "bounce": {"address": "alex.marsh@northmoor.example", "permanent": False, "original": OUR_ID, "status": "4.4.1"}}),
    "bounce-words": ("a report in plain words only", head("failure notice", From="MAILER-DAEMON@mail.northmoor.example", In_Reply_To="") + plain(
        "I'm afraid I wasn't able to deliver your message.\n\n<alex.marsh@northmoor.example>:\n550 5.1.1 no such user\n\n"
        f"--- Below this line is a copy of the message.\n\nFrom: audits@northmoor.example\nMessage-ID: {OUR_ID}\n"),
        {"automatic": "bounce", "bounce": {"address": "alex.marsh@northmoor.example", "permanent": True, "original": OUR_ID, "status": "5.1.1"}}),
    "bounce-exim": ("X-Failed-Recipients and nothing a machine can read", head(
        "Mail delivery failed", From="Mail Delivery System <Mailer-Daemon@mail.northmoor.example>", X_Failed_Recipients="alex.marsh@northmoor.example",
        In_Reply_To=OUR_ID) + plain("A message could not be delivered: 452 mailbox full\n"),
        {"automatic": "bounce", "bounce": {"address": "alex.marsh@northmoor.example", "permanent": False, "original": OUR_ID, "status": ""}}),
    "bounce-success": ("a report that the letter arrived", head("Delivery Status Notification (Success)", From="postmaster@northmoor.example")
                       + report("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; alex.marsh@northmoor.example\nAction: delivered\n"
                                "Status: 2.0.0\n", OUR_LETTER), {"automatic": "receipt", "bounce": None}),
    "read-receipt": ("read receipt", head("Read: Please audit") + report(
        f"Final-Recipient: rfc822; alex.marsh@northmoor.example\nOriginal-Message-ID: {OUR_ID}\nDisposition: manual-action; displayed\n",
        OUR_LETTER, "disposition-notification"), {"automatic": "receipt", "attachments": [], "bounce": None}),
    "calendar-accepted": ("meeting accepted", head("Accepted: Practice discussion") + calendar("REPLY", "ACCEPTED"),
                          {"automatic": "calendar", "attachments": [], "meeting_at": "2026-06-18T13:00:00+00:00"}),
    "calendar-declined": ("meeting declined", head("Declined: Practice discussion") + calendar("REPLY", "DECLINED"),
                          {"automatic": "calendar", "meeting_at": None}),
    "null-return-path": ("null return path and nothing else", head(Return_Path="<>") + plain("ACK\n"), {"automatic": "auto_reply", "no_reply": True}),
    "list-person": ("List-Id on a person's mail", head(List_Id="<audits.northmoor.example>") + plain("ACK\n"),
                    {"automatic": "no", "no_reply": True, "command": "ACK"}),
    "suppress-person": ("X-Auto-Response-Suppress on a person's mail", head(X_Auto_Response_Suppress="All") + plain("ACK\n"),
                        {"automatic": "no", "no_reply": True, "command": "ACK"}),
    "bulk": ("Precedence: bulk", head(Precedence="bulk") + plain("News\n"), {"automatic": "bulk", "no_reply": True}),
    "no-reply-address": ("a no-reply sender", head(From="no-reply@portal.example") + plain("Your call was logged\n"),
                         {"automatic": "no", "no_reply": True}),
    "auto-submitted-no": ("Auto-Submitted: no", head(Auto_Submitted="no") + plain("ACK\n"), {"automatic": "no", "no_reply": False}),
    "thanks": ("courtesy and nothing else", head() + plain("Hi Sam,\n\nThanks very much, got it.\n\nKind regards\nAlex\n\n" + OUTLOOK),
               {"thanks": True, "promises": False, "command": None}),
    "thanks-and-question": ("courtesy with a question", head() + plain("Thanks. When is it due?\n"), {"thanks": False}),
    "thanks-and-trouble": ("courtesy with news", head() + plain("Thanks but the child has moved out of area\n"), {"thanks": False}),
    "promise-without-form": ("a form promised and not attached", head() + plain("Please find attached my completed audit.\n"),
                             {"attachments": [], "promises": True, "thanks": False}),
    "drive-link": ("a shared-drive link behind a filter's safe link", head() + page(
        "<p>Completed audit: <a href='https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnorthmoor.sharepoint.com"
        "%2Faudit.docx&data=05'>audit.docx</a></p>"),
        {"drive_links": ["https://northmoor.sharepoint.com/audit.docx"], "promises": True}),
    "drive-folder": ("a network folder", head() + plain("It is in \\\\nm-fs01\\audits\\form.docx\n"),
                     {"drive_links": ["\\\\nm-fs01\\audits\\form.docx"], "promises": True}),
    "empty-mail": ("no bytes at all", b"", {"sender": "", "text": "", "command": None, "no_reply": True}),
    "html-hidden-words": ("a command in hidden HTML", head() + page("<div style='display:none'>ACCEPT</div><p>I have a question.</p>"
                          "<script>ACCEPT</script>"), {"command": None, "text": "I have a question."}),
}


def write() -> None:
    rows = []
    for name, (oddity, mail, expected) in SAMPLES.items():
        data = mail if isinstance(mail, bytes) else mail.encode("utf-8")
        (HERE / f"{name}.eml").write_bytes(data)
        words = json.dumps({"oddity_in_words": oddity, **expected}, ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(words + "\n", encoding="utf-8")
        rows.append(f"| `{name}.eml` | {oddity} |")
    (HERE / "README.md").write_text(README + "\n".join(rows) + "\n", encoding="utf-8")


README = """# Sample mails

Each `.eml` is short, has one oddity, and only invented people at the invented Northmoor Council. Beside each stands a
`.json` with what a careful person would read from it; a key left out is not checked. All are made by hand in `build.py`
(run it to write them anew); none was ever somebody's mail. The Word forms in them are two-member zips of some hundred
bytes: enough to be recognised as Word, nothing to read.

Expectation keys are those of `mailflow.model.Message`, except: `attachments` are names, `oddity` is part of one of the
oddities noted, `command` the word `parse_command` must find (null: none), `thanks` and `promises` the answers of
`is_thanks` and `promises_form`.

| Sample | Oddity |
| --- | --- |
"""

if __name__ == "__main__":
    write()
