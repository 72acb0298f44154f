"""A council's way of auditing, as frozen values read from its profile."""

from mailflow.framework.layers import framework_folders, templates_root
from mailflow.framework.load import load_framework
from mailflow.framework.schema import Framework
from mailflow.framework.when import Facts, When, holds

__all__ = ["Facts", "Framework", "When", "framework_folders", "holds", "load_framework", "templates_root"]
