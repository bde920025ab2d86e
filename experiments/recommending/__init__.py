"""How fast choices are made: for one student, for a district, and beside plain Python."""
