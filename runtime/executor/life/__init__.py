"""The life of orders between an intent and a venue: pure, so that everything that may happen to them can be tried."""
