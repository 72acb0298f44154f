"""A blank made out for one audit: prefilled, stamped, with its answers carried over."""
