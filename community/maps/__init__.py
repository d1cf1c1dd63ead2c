"""Small maps of places, drawn from data that Rockpool carries: nobody else learns who looks."""
