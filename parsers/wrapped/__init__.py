"""What documents come packed in: winmail.dat, saved Outlook messages, zip folders."""
