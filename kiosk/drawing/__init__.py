"""What the screens are drawn with: sizes and colours, cards and buttons, figures in words."""
