"""The invented council of Northmoor, and the code that plays its people for a month."""
