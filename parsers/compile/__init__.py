"""A council's own blank form → the definition that reads its returns, and what a doctor would say of the blank.

``blank`` tells a cell's words from the places to write (``worksheet``: how far a sheet's rows reach); ``layout`` goes through
the page and ``tables`` through a table, whose rows of headings are ``heads``'s; what they find are ``shapes``. ``meaning`` and
``naming`` say what each answer is and what to call it; ``build`` puts them together; ``compiler`` reads the blank with the result
and learns what it prints; ``stamp`` marks the council's own document.
"""

from parsers.compile.build import Compiled, Remark, build_form
from parsers.compile.compiler import compile_blank, to_toml
from parsers.compile.doctor import tell_doctor
from parsers.compile.stamp import stamp_blank

__all__ = ["Compiled", "Remark", "build_form", "compile_blank", "stamp_blank", "tell_doctor", "to_toml"]
