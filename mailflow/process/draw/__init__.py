"""Cases to auditors by rules and a seed."""
