"""The words that kiosk, ticket, board, voice and pages share; names shortened, texts folded."""
