// Draws a line or bars from the table that stands under every chart. The table is the truth; without this it stands alone.
