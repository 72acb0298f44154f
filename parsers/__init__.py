"""Documents → readings. Knows documents and forms; knows no mail, no audit states, no SQL.

``read_document`` reads in this process; ``Pool`` does the same in child processes with limits, and is what the corridor
uses for anything that came by mail. A new kind of document is one more module that makes a :class:`parsers.grid.Grid`.
"""
