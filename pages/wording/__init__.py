"""How figures are said and drawn, on a page and in a briefing alike: words, sentences, small pictures."""
