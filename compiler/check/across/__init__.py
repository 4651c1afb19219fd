"""Values beside those of the other instruments traded, and the problems with them."""
