"""Tests, in folders that mirror the packages; `cast` is the small school they share."""
