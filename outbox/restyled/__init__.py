"""A blank a council has restyled: is everything still in it?"""
