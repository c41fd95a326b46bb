"""A word that stands in every text of invented studies and must never leave the pages that show it."""

CANARY = "zanzibarquokka"
