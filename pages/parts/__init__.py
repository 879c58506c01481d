"""What pages draw with: cards, charts, maps, tables and the colours they share."""
