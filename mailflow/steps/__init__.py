"""The corridor: the only rooms that see every room. receive · read · decide · remind · deliver, one function each.

A step is: load → pure room → one transaction in the store → then tell the outside world. Every step may be done twice
with the same effect, and a crash between any two lines loses nothing and repeats nothing:

- *receive* commits a message before anybody moves it; the same message again changes nothing;
- *read* keeps what each document was read as; reading again gives the same;
- *decide* writes the audit, its letters, timers, journal and the message's end in one transaction;
- *remind* does the same for timers;
- *deliver* looks among the sent letters before every send;
- *settle* moves a message out of the inbox only after its end is committed.
"""
