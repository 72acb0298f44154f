"""A council's own blank form → the definition that reads its returns, and what a doctor would say of the blank.

``blank`` tells a cell's words from the places to write; ``layout`` finds what is asked where; ``meaning`` and ``naming``
say what each answer is and what to call it; ``build`` puts them together; ``stamp`` marks the council's own document.
"""

from parsers.compile.build import Compiled, Remark, build_form
from parsers.compile.compiler import compile_blank, to_toml
from parsers.compile.doctor import tell_doctor
from parsers.compile.stamp import stamp_blank

__all__ = ["Compiled", "Remark", "build_form", "compile_blank", "stamp_blank", "tell_doctor", "to_toml"]
